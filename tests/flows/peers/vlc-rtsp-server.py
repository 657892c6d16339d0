#!/usr/bin/python3
"""An RTSP camera that is not ours: VLC's server, through its library (the program itself refuses to run as root). It sends over UDP only.

Debian: libvlc5 vlc-plugin-base. vlc-rtsp-server.py FILE PORT serves the file again and again.
Prints one JSON line once it has begun: {"url": ...}. Ends with its standard input, or on SIGTERM.
"""
import argparse
import ctypes
import json
import signal
import sys
import threading

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("file")
args.add_argument("port", type=int)
opts = args.parse_args()

vlc = ctypes.CDLL("libvlc.so.5")
for name in ("libvlc_new", "libvlc_media_new_path", "libvlc_media_player_new_from_media"):
    getattr(vlc, name).restype = ctypes.c_void_p


def texts(*words):
    return (ctypes.c_char_p * len(words))(*(w.encode() for w in words))


quiet = ["--quiet", "--no-xlib", "--aout=dummy", "--vout=dummy"]
instance = ctypes.c_void_p(vlc.libvlc_new(len(quiet), texts(*quiet)))
media = ctypes.c_void_p(vlc.libvlc_media_new_path(instance, opts.file.encode()))
url = f"rtsp://127.0.0.1:{opts.port}/live"
for option in (f":sout=#rtp{{sdp={url}}}", ":sout-keep", ":sout-all", ":input-repeat=65535"):
    vlc.libvlc_media_add_option(media, option.encode())
player = ctypes.c_void_p(vlc.libvlc_media_player_new_from_media(media))
if vlc.libvlc_media_player_play(player) != 0:
    sys.exit("VLC does not play")

over = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: over.set())
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
print(json.dumps({"url": url}), flush=True)
# Lets Python see signals while it waits.
while not over.wait(0.2):
    pass
vlc.libvlc_media_player_stop(player)
