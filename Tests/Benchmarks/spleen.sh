#!/usr/bin/env bash
# The spleen bundle's pre- and postprocessing on a CT of 512 x 512 x 100 beside MONAI's, in one run, two threads each.
#
#   Tests/Benchmarks/spleen.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ -d "$shared/golden/spleen_run" ] || fail "$shared is not there; PORTICO_SHARED names the folder of the shared data"
"$python" "$shared/tools/make_ct.py" 100 "$work/dicom" --nifti "$work/ct.nii.gz"
PYTHONWARNINGS=ignore "$python" "$(dirname "$0")/spleen.py" "$portico" "$shared/golden/spleen_run" "$work"
