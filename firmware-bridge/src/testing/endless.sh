#!/bin/sh
# In node's place: a bridge that runs and does not reach anybody.
trap 'exit 0' TERM
while :; do sleep 0.05; done
