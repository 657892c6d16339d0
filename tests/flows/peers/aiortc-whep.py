#!/usr/bin/python3
"""A WHEP viewer that is not ours: Debian's python3-aiortc. Run with /usr/bin/python3.

aiortc-whep.py URL [--pictures N] [--seconds S] [--stay] [--tell] [--sound] [--bundle-only] [--lose N]; the bearer comes in the environment variable SESSION.
Prints one JSON object a line: {"status": 201, ...}, then {"pictures": n, "first_ms": …, "width": …, "height": …, "changed": k,
"centre": …, "corner": …}: the last two are the brightness (16…235) of the last picture at its centre and in its upper left corner.
Exit code 0 when all pictures came and the resource was deleted.
"""
import argparse
import asyncio
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from aioice import Connection
from aiortc import RTCPeerConnection, RTCSessionDescription

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("url")
args.add_argument("--pictures", type=int, default=50)
args.add_argument("--seconds", type=float, default=20)
args.add_argument("--sound", action="store_true", help="hear too: print {\"sound\": frames, \"rate\": Hz, \"loudest\": sample} after a second of it")
args.add_argument("--bundle-only", action="store_true", help="offer sound, and pictures in its packets' path only, as bundle policy max-bundle does (RFC 9429, 4.1.1)")
args.add_argument("--stay", action="store_true", help="leave without DELETE")
args.add_argument("--lose", type=int, default=0, help="lose every Nth packet of pictures once; print {\"lost\": n, \"again\": how many of them came again}")
args.add_argument("--tell", action="store_true", help="print {\"picture_at\": ms} as pictures come, at most five a second")
opts = args.parse_args()


def say(**what):
    print(json.dumps(what), flush=True)


def call(method, url, body=None):
    headers = {"Authorization": "Bearer " + os.environ.get("SESSION", "")}
    if body is not None:
        headers["Content-Type"] = "application/sdp"
    request = urllib.request.Request(url, method=method, headers=headers, data=None if body is None else body.encode())
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def lose(every):
    """On the way to aiortc, which asks for what is missing by NACK (RFC 4585, 6.2.1); before SRTP, which takes nothing twice."""
    take = Connection.recv
    lost, again, count = set(), set(), 0

    async def lossy(self):
        nonlocal count
        while True:
            data = await take(self)
            # RFC 7983, 7; RFC 5761, 4.
            if not 128 <= data[0] <= 191 or 64 <= data[1] & 0x7F <= 95:
                return data
            count += 1
            sequence = int.from_bytes(data[2:4], "big")
            if sequence in lost:
                again.add(sequence)
                say(lost=len(lost), again=len(again))
            elif count % every == 0:
                lost.add(sequence)
                continue
            return data

    Connection.recv = lossy


def bundle_only(sdp):
    """The video's section without a path of its own (RFC 9143, 6 and 7.1.3)."""
    at = sdp.index("m=video ")
    own = ("c=", "a=rtcp:", "a=candidate", "a=end-of-candidates", "a=ice-", "a=fingerprint", "a=setup")
    lines = [line for line in sdp[at:].split("\r\n") if not line.startswith(own)]
    lines[0] = lines[0].replace(lines[0].split()[1], "0", 1)
    return sdp[:at] + "\r\n".join([lines[0], "a=bundle-only", *lines[1:]])


async def main():
    if opts.lose:
        lose(opts.lose)
    began = time.monotonic()
    peer = RTCPeerConnection()
    done = asyncio.get_running_loop().create_future()

    @peer.on("track")
    def on_track(track):
        if track.kind == "video":
            asyncio.ensure_future(watch(track))
        else:
            asyncio.ensure_future(hear(track))

    async def hear(track):
        count, samples, loudest = 0, 0, 0
        while True:
            frame = await track.recv()
            count += 1
            samples += frame.samples
            loudest = max(loudest, abs(frame.to_ndarray().astype(int)).max())
            if samples >= frame.sample_rate:
                say(sound=count, rate=frame.sample_rate, loudest=int(loudest))
                samples, loudest = 0, 0

    async def watch(track):
        count, changed, first, last, told = 0, 0, None, None, 0
        try:
            while count < opts.pictures:
                frame = await track.recv()
                picture = bytes(frame.planes[0])
                if first is None:
                    first = round((time.monotonic() - began) * 1000)
                changed += last is not None and picture != last
                last = picture
                count += 1
                if opts.tell and time.time() - told > 0.2:
                    told = time.time()
                    say(picture_at=round(told * 1000))
            plane = frame.planes[0]
            centre, corner = last[(frame.height // 2) * plane.line_size + frame.width // 2], last[4 * plane.line_size + 4]
            done.set_result(dict(pictures=count, first_ms=first, width=frame.width, height=frame.height, changed=changed, centre=centre, corner=corner))
        except Exception as error:
            if not done.done():
                done.set_exception(error)

    # Video only, but where there is sound: aiortc 1.4 takes no answer that rejects a medium.
    kinds = ["audio", "video"] if opts.bundle_only else ["video", "audio"] if opts.sound else ["video"]
    for kind in kinds:
        peer.addTransceiver(kind, direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    offer = peer.localDescription.sdp
    status, headers, text = await asyncio.to_thread(call, "POST", opts.url, bundle_only(offer) if opts.bundle_only else offer)
    if status != 201:
        say(status=status, body=text)
        return 1
    location = urllib.parse.urljoin(opts.url, headers["Location"])
    say(status=status, location=location, type=headers["Content-Type"])
    await peer.setRemoteDescription(RTCSessionDescription(sdp=text, type="answer"))
    try:
        say(**await asyncio.wait_for(done, opts.seconds))
    except Exception as error:
        say(error=f"{type(error).__name__} {error}", state=peer.connectionState)
        return 1
    finally:
        await peer.close()
    if not opts.stay:
        status, _, _ = await asyncio.to_thread(call, "DELETE", location)
        say(deleted=status)
        return 0 if status == 200 else 1
    return 0


sys.exit(asyncio.run(main()))
