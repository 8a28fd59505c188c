/// Every word of the index by number, and those that begin alike.
struct WordList: Sendable {
    /// New words are looked through one by one until there are so many, or so large a part of all; then they are sorted
    /// in among the others.
    private static let unsortedWords = 512
    private static let unsortedPart = 256

    private var words: [String] = []
    private var numbers: [String: UInt32] = [:]
    /// Numbers, in the order of their words.
    private var sorted: [UInt32] = []

    func number(of word: String) -> UInt32? { numbers[word] }

    mutating func intern(_ word: String) -> UInt32 {
        if let number = numbers[word] { return number }
        let number = UInt32(words.count)
        words.append(word)
        numbers[word] = number
        if words.count - sorted.count > WordList.unsortedWords + sorted.count / WordList.unsortedPart { sort() }
        return number
    }

    func numbers(beginning prefix: String) -> [UInt32] {
        let start = firstPlace(in: sorted[...], notBefore: prefix)
        let inOrder = sorted[start...].prefix { words[Int($0)].utf8.starts(with: prefix.utf8) }
        let unsorted = (sorted.count..<words.count).filter { words[$0].utf8.starts(with: prefix.utf8) }
        return Array(inOrder) + unsorted.map { UInt32($0) }
    }

    private mutating func sort() {
        let new = (UInt32(sorted.count)..<UInt32(words.count)).sorted(by: isBefore)
        var (merged, old) = ([UInt32](), sorted[...])
        merged.reserveCapacity(words.count)
        for number in new {
            // Far fewer new ones than old: a search for each costs less than comparing all.
            let place = firstPlace(in: old, notBefore: words[Int(number)])
            merged += old[..<place]
            old = old[place...]
            merged.append(number)
        }
        sorted = merged + old
    }

    private func firstPlace(in sorted: ArraySlice<UInt32>, notBefore prefix: String) -> Int {
        var (low, high) = (sorted.startIndex, sorted.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if WordList.isBefore(words[Int(sorted[middle])], prefix) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isBefore(_ left: UInt32, _ right: UInt32) -> Bool {
        WordList.isBefore(words[Int(left)], words[Int(right)])
    }

    /// By bytes, so that those with the same beginning stand together.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
