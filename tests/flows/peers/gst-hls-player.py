#!/usr/bin/python3
"""An HLS player that is not ours: GStreamer's own demuxers, without decoding.

Debian: python3-gi gstreamer1.0-plugins-{base,good,bad}; run with /usr/bin/python3.
Prints one JSON line when it has had so many pictures: {"pictures": n, "caps": ..., "keys": n, "backwards": n}, or {"error": ...}.
"""
import argparse
import json
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--uri", required=True)
args.add_argument("--pictures", type=int, default=100)
opts = args.parse_args()

Gst.init(None)
loop = GLib.MainLoop()
pipeline = Gst.parse_launch("urisourcebin name=source ! parsebin name=parse")
pipeline.get_by_name("source").set_property("uri", opts.uri)
seen = {"pictures": 0, "keys": 0, "backwards": 0, "caps": ""}
last = -1
sounds = 0


def said(what):
    print(json.dumps(what), flush=True)
    GLib.idle_add(loop.quit)


def on_picture(_sink, buffer, pad):
    global last
    if seen["pictures"] >= opts.pictures:
        return
    seen["pictures"] += 1
    if not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT):
        seen["keys"] += 1
    if buffer.dts != Gst.CLOCK_TIME_NONE:
        if buffer.dts < last:
            seen["backwards"] += 1
        last = buffer.dts
    seen["caps"] = pad.get_current_caps().to_string().split(", codec_data")[0]
    if seen["pictures"] == opts.pictures:
        said({**seen, "sounds": sounds})


def on_sound(*_):
    global sounds
    sounds += 1


def on_pad(_parse, pad):
    sink = Gst.ElementFactory.make("fakesink")
    sink.set_property("signal-handoffs", True)
    sink.set_property("sync", False)
    sink.connect("handoff", on_picture if pad.query_caps(None).to_string().startswith("video/") else on_sound)
    pipeline.add(sink)
    sink.sync_state_with_parent()
    pad.link(sink.get_static_pad("sink"))


def on_message(_bus, message):
    if message.type == Gst.MessageType.ERROR:
        error, debug = message.parse_error()
        said({"error": f"{error.message} {debug}"})
    elif message.type == Gst.MessageType.EOS:
        said({"error": "it ended"})


pipeline.get_by_name("parse").connect("pad-added", on_pad)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
pipeline.set_state(Gst.State.PLAYING)
loop.run()
pipeline.set_state(Gst.State.NULL)
sys.exit(0)
