#include "InferenceABI.h"
