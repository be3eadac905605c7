#!/usr/bin/env bash
# `portico run` of the spleen bundle on a CT of 512 x 512 x 100 beside MONAI, NIfTI in and NIfTI out, two threads each,
# in turns; medians. The first run, which converts the network and compares the engines, is printed apart.
#
#   Tests/Benchmarks/inference.sh [ROUNDS]
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ -d "$shared/golden/spleen_run" ] || fail "$shared is not there; PORTICO_SHARED names the folder of the shared data"
"$python" "$shared/tools/make_ct.py" 100 "$work/dicom" --nifti "$work/ct.nii.gz"
PYTHONWARNINGS=ignore "$python" "$(dirname "$0")/inference.py" \
    "$portico" "$shared/golden/spleen_run" "$shared/tools/monai_baseline.py" "$work" "${1:-5}"
