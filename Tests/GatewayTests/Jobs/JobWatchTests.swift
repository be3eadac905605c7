import Testing

@testable import Gateway

@Suite("Until when a running job may go on")
struct JobWatchTests {
    private var settings: WorkerSettings {
        var settings = WorkerSettings()
        settings.leaseDuration = 60
        settings.timeLimit = 500
        return settings
    }

    @Test("What is due is found in order: cancelling, shutdown, the time limit, silence, standstill, renewal")
    func due() {
        var watch = JobWatch(settings, SupervisionTiming(silenceLimit: 300), at: 1000)
        #expect(watch.nextLook == 1020)
        #expect(watch.overdue(at: 1019) == nil)
        #expect(watch.overdue(at: 1020) == .renewal)
        #expect(watch.overdue(at: 1060) == .tooLong("said nothing for 60.0 s"))
        watch.lastWord = 1290
        #expect(watch.overdue(at: 1300) == .tooLong("is alive, but got no further for 300.0 s"))
        watch.begin("inference", at: 1290)
        #expect(watch.overdue(at: 1300) == .renewal)
        #expect(
            watch.overdue(at: 1500)
                == .tooLong("was ended, because the job took longer than the 500.0 s of workers.timeLimit,"))
        watch.stop(grace: 10, at: 1300)
        watch.stop(grace: 10, at: 1305)
        #expect(watch.overdue(at: 1310) == .stopping && watch.isStopping)
        watch.cancel(grace: 5, at: 1300)
        #expect(watch.overdue(at: 1310) == .cancelling && watch.isCancelling)
    }

    @Test("The end is estimated from the windows done and from what an earlier job took after its last window")
    func estimate() {
        var watch = JobWatch(settings, SupervisionTiming(), secondsAfterInference: 7, at: 0)
        watch.begin("inference", at: 10)
        #expect(watch.estimatedEnd == nil)
        watch.advance(to: 0, of: 8, at: 11)
        #expect(watch.estimatedEnd == nil)
        watch.advance(to: 2, of: 8, at: 14)
        #expect(watch.estimatedEnd == 33)
        #expect(watch.place == " in stage inference, 2 of 8 windows done")
        // Later stages have no windows; what was estimated stays.
        watch.begin("postprocessing", at: 26)
        #expect(watch.estimatedEnd == 33 && watch.progress == nil)
    }
}
