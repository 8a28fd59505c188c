import Synchronization

/// How many writes have been answered, for readers that must not see fewer.
package final class AnsweredCount: Sendable {
    private let count: Atomic<Int>

    package init(_ count: Int = 0) {
        self.count = Atomic(count)
    }

    package var value: Int {
        get { count.load(ordering: .sequentiallyConsistent) }
        set { count.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
