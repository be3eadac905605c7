/// An inference back end that misbehaves as its model file says: for tests of what Portico does about it.
///
/// It is put beside a copy of the program under the name of a real back end. The "model" is a text, one order a line:
///
///     in load|run          where the fault happens; `run` where nothing is said
///     stage NAME           instead: when the worker says that this stage begins; the watch begins with the first load
///     do FAULT             abort, segv, kill, exit, hang, allocate (memory without end, then abort), refuse (out of
///                          memory, properly said), await PATH (opens a FIFO and goes on when its writer closes it)
///     unless PATH          nothing happens where this file is; it is made just before the fault
///     channels N           how many channels the output has; 5 where nothing is said
///
/// Without a fault the network says "class 1" wherever its input is above 0.5.
#ifndef PORTICO_FAULTY_BACK_END_H
#define PORTICO_FAULTY_BACK_END_H

#include "InferenceABI.h"

const portico_backend_table *_Nonnull portico_backend(void);

#endif
