internal import Glibc

/// What the machine has.
enum System {
    /// The number of processors that are online, at least 1.
    static let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}
