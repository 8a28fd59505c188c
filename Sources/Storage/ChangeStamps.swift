import Synchronization

/// Counts the committed changes of things that are read far more often than they change, so that what was made of one
/// can be kept until it does.
///
/// Things share a fixed number of counters: another's change may look like one's own, never the other way round. Only a
/// store that nobody else writes to can count; one that others write to has no stamps to give.
package final class ChangeStamps: Sendable {
    /// A power of two.
    static let counterCount = 1 << 14

    private let counters: [Counter]

    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }

    package init() {
        counters = (0..<ChangeStamps.counterCount).map { _ in Counter() }
    }

    /// Asked before the store is read: what is read afterwards is at least as new.
    package func stamp(of topic: String) -> UInt64 {
        counter(topic).value.load(ordering: .acquiring)
    }

    /// Called after the commit, and before anybody is told of it.
    package func changed(_ topics: [String]) {
        for topic in topics { counter(topic).value.add(1, ordering: .acquiringAndReleasing) }
    }

    private func counter(_ topic: String) -> Counter {
        counters[topic.hashValue & (ChangeStamps.counterCount - 1)]
    }
}
