#!/usr/bin/env bash
# `portico run` of the zoo's wholeBody bundle (SegResNet, 105 channels, random weights) on a volume of 300 x 300 x 400
# voxels of 1.5 mm: 96 windows of about three seconds each, twice. Prints the peak of memory; the bound is 4 GB.
#
#   Tests/Benchmarks/channels.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bundle=$shared/zoo/wholeBody_ct_segmentation
[ -d "$bundle" ] || fail "$bundle is not there; PORTICO_SHARED names the folder of the shared data"
PYTHONWARNINGS=ignore "$python" "$(dirname "$0")/channels.py" "$portico" "$bundle" "$work"
