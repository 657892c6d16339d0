#!/bin/sh
# In node's place: a bridge that reaches nobody, with an alarm in its memory only. Asked to end, it leaves the word that it could see to it first.
trap ': >"$SHOUWANG_SLOTS/asked"; exit 0' USR2
while :; do sleep 0.05; done
