#!/usr/bin/python3
"""An RTSP camera that is not ours: GStreamer's server with a moving test picture.

Debian: gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-{base,good,bad,ugly} (x264enc is in ugly); run with /usr/bin/python3.
Prints one JSON line when it listens: {"url": ..., "port": ...}. Ends with its standard input, or on SIGTERM.
"""
import argparse
import json
import signal
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--port", default="0")
args.add_argument("--path", default="/live")
args.add_argument("--size", default="320x240")
args.add_argument("--pattern", default="ball", help="of videotestsrc: ball, black, checkers-8 (stands still), snow, white")
args.add_argument("--fps", type=int, default=25)
args.add_argument("--gop", type=int, default=25, help="pictures from one key frame to the next")
args.add_argument("--kbit", type=int, default=500)
args.add_argument("--bframes", type=int, default=0)
args.add_argument("--profile", default="", help="baseline, main, high; default: what x264 chooses")
args.add_argument("--codec", choices=["h264", "h265"], default="h264")
args.add_argument("--audio", choices=["", "aac", "pcma", "pcmu"], default="")
args.add_argument("--transport", choices=["", "tcp", "udp"], default="", help="default: both")
args.add_argument("--user", default="")
args.add_argument("--password", default="")
args.add_argument("--auth", choices=["digest", "basic"], default="digest")
opts = args.parse_args()

Gst.init(None)
width, height = opts.size.split("x")
encoder = (
    f"x264enc speed-preset=ultrafast {'' if opts.bframes else 'tune=zerolatency'} key-int-max={opts.gop} "
    f"bframes={opts.bframes} b-adapt=false bitrate={opts.kbit}"
    if opts.codec == "h264"
    else f"x265enc speed-preset=ultrafast tune=zerolatency key-int-max={opts.gop} bitrate={opts.kbit}"
)
profile = f"! video/x-h264,profile={opts.profile} " if opts.profile else ""
pay = "rtph264pay" if opts.codec == "h264" else "rtph265pay"
AUDIO = {
    "": "",
    "aac": "audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 ! voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97",
    "pcma": "audioconvert ! audioresample ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 min-ptime=20000000 max-ptime=20000000",
    "pcmu": "audioconvert ! audioresample ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0 min-ptime=20000000 max-ptime=20000000",
}
audio = f"audiotestsrc is-live=true ! {AUDIO[opts.audio]} " if opts.audio else ""
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( videotestsrc is-live=true pattern={opts.pattern} ! video/x-raw,width={width},height={height},framerate={opts.fps}/1 "
    f"! videoconvert ! video/x-raw,format=I420 ! {encoder} {profile}! {pay} name=pay0 pt=96 config-interval=-1 {audio})"
)
if opts.transport:
    factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP if opts.transport == "tcp" else GstRtsp.RTSPLowerTrans.UDP)
factory.set_shared(True)

server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(opts.port)
if opts.user:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST if opts.auth == "digest" else GstRtsp.RTSPAuthMethod.BASIC)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if opts.auth == "digest":
        auth.add_digest(opts.user, opts.password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(opts.user, opts.password), token)
    role = Gst.Structure.new_empty("viewer")
    role.set_value("media.factory.access", True)
    role.set_value("media.factory.construct", True)
    factory.add_role_from_structure(role)
    server.set_auth(auth)
server.get_mount_points().add_factory(opts.path, factory)
server.attach(None)

loop = GLib.MainLoop()
signal.signal(signal.SIGTERM, lambda *_: loop.quit())
threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
# Lets Python see signals while GLib waits.
GLib.timeout_add(200, lambda: True)
# Sessions whose viewer vanished are dropped after their time-out.
GLib.timeout_add_seconds(2, lambda: server.get_session_pool().cleanup() >= 0)
port = server.get_bound_port()
print(json.dumps({"url": f"rtsp://127.0.0.1:{port}{opts.path}", "port": port}), flush=True)
loop.run()
