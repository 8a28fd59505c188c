/// A set of row numbers, one bit each: what the filters of a search are combined as.
struct RowSet: Sendable, Hashable {
    static let bits = UInt64.bitWidth

    private(set) var words: [UInt64]

    /// - Parameter capacity: how many rows it has room for at first.
    init(capacity: Int = 0) {
        words = [UInt64](repeating: 0, count: (capacity + RowSet.bits - 1) / RowSet.bits)
    }

    init(_ rows: some Sequence<UInt32>) {
        self.init()
        for row in rows { insert(row) }
    }

    var count: Int {
        words.withUnsafeBufferPointer { words in
            var count = 0
            for word in words { count &+= word.nonzeroBitCount }
            return count
        }
    }

    func contains(_ row: UInt32) -> Bool {
        let (word, bit) = RowSet.place(row)
        return word < words.count && words[word] & bit != 0
    }

    mutating func insert(_ row: UInt32) {
        let (word, bit) = RowSet.place(row)
        if word >= words.count { grow(to: word + 1) }
        words[word] |= bit
    }

    mutating func remove(_ row: UInt32) {
        let (word, bit) = RowSet.place(row)
        if word < words.count { words[word] &= ~bit }
    }

    mutating func formUnion(_ other: RowSet) {
        if other.words.count > words.count { grow(to: other.words.count) }
        combine(other) { $0 | $1 }
    }

    mutating func formIntersection(_ other: RowSet) {
        combine(other) { $0 & $1 }
        for word in min(words.count, other.words.count)..<words.count { words[word] = 0 }
    }

    mutating func subtract(_ other: RowSet) {
        combine(other) { $0 & ~$1 }
    }

    /// By pointers: an array asks at every word whether it is its only owner.
    @inline(__always)
    private mutating func combine(_ other: RowSet, _ operation: (UInt64, UInt64) -> UInt64) {
        let shared = min(words.count, other.words.count)
        words.withUnsafeMutableBufferPointer { own in
            other.words.withUnsafeBufferPointer { other in
                for word in 0..<shared { own[word] = operation(own[word], other[word]) }
            }
        }
    }

    func subtracting(_ other: RowSet) -> RowSet {
        var copy = self
        copy.subtract(other)
        return copy
    }

    /// Keeps the rows that pass. Words without rows cost nothing.
    @inline(__always)
    mutating func filter(_ isKept: (Int) -> Bool) {
        words.withUnsafeMutableBufferPointer { words in
            for word in words.indices {
                var (rest, kept) = (words[word], words[word])
                while rest != 0 {
                    let place = rest.trailingZeroBitCount
                    if !isKept(word &* RowSet.bits &+ place) { kept ^= 1 << UInt64(truncatingIfNeeded: place) }
                    rest &= rest &- 1
                }
                words[word] = kept
            }
        }
    }

    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        words.withUnsafeBufferPointer { words in
            for word in words.indices {
                var rest = words[word]
                while rest != 0 {
                    body(word &* RowSet.bits &+ rest.trailingZeroBitCount)
                    rest &= rest &- 1
                }
            }
        }
    }

    /// Its rows in ascending order.
    var rows: [UInt32] {
        let count = count
        return [UInt32](unsafeUninitializedCapacity: count) { rows, written in
            forEach { row in
                rows[written] = UInt32(truncatingIfNeeded: row)
                written &+= 1
            }
        }
    }

    private mutating func grow(to count: Int) {
        words.append(contentsOf: repeatElement(0, count: count - words.count))
    }

    private static func place(_ row: UInt32) -> (word: Int, bit: UInt64) {
        (Int(row) / bits, 1 << UInt64(Int(row) % bits))
    }
}
