/** An initramfs archive in the kernel's "newc" format (Documentation/driver-api/early-userspace/buffer-format.rst). */

/** @typedef {{ name: string, mode: number, data: Buffer }} Entry */

/** @param {Entry[]} entries folders before what is in them @returns {Buffer} */
export function cpio(entries) {
  const parts = [...entries, { name: 'TRAILER!!!', mode: 0, data: Buffer.alloc(0) }].flatMap((entry, i) => {
    const name = Buffer.from(`${entry.name}\0`);
    // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
    const fields = [i + 1, entry.mode, 0, 0, 1, 0, entry.data.length, 0, 0, 0, 0, name.length, 0];
    const header = Buffer.from(`070701${fields.map((n) => n.toString(16).padStart(8, '0')).join('')}`);
    return [padded(Buffer.concat([header, name])), padded(entry.data)];
  });
  return Buffer.concat(parts);
}

/** @param {Buffer} bytes */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
