import Testing

@testable import Gateway

@Suite("Loaded bundles that a worker keeps")
struct ModelCacheTests {
    @Test("The one that was used longest ago goes first when there is no room")
    func leastRecentlyUsed() {
        var cache = ModelCache<String, Int>(bound: 100)
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] { cache.keep(value, as: key, bytes: 30) }
        #expect(cache.take("a") { _ in true } == 1)
        cache.keep(4, as: "d", bytes: 40)
        #expect(cache.keys == ["c", "a", "d"])
        cache.makeRoom(for: 50)
        #expect(cache.keys == ["d"])
        #expect(cache.take("b") { _ in true } == nil)
    }

    @Test("The last one is kept whatever it takes, and alone then")
    func tooLarge() {
        var cache = ModelCache<String, Int>(bound: 100)
        cache.keep(1, as: "a", bytes: 10)
        cache.keep(2, as: "b", bytes: 500)
        #expect(cache.keys == ["b"])
        cache.keep(3, as: "c", bytes: 1)
        #expect(cache.keys == ["c"])
    }

    @Test("One whose files have changed is dropped")
    func stale() {
        var cache = ModelCache<String, Int>(bound: 100)
        cache.keep(1, as: "a", bytes: 10)
        #expect(cache.take("a") { $0 == 2 } == nil)
        #expect(cache.keys.isEmpty)
    }
}
