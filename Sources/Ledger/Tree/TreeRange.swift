/// Leaves `start ..< end` that lie under one node of a tree, perfect or at its right edge.
struct TreeRange: Hashable {
    let start: Int64
    let end: Int64

    init(_ start: Int64, _ end: Int64) {
        self.start = start
        self.end = end
    }

    var count: Int64 { end - start }

    /// The two halves of a node: the left has the largest power of two of leaves below their number (RFC 6962, 2.1).
    var halves: (left: TreeRange, right: TreeRange) {
        let width = Int64(1) << Int64(63 - (count - 1).leadingZeroBitCount)
        return (TreeRange(start, start + width), TreeRange(start + width, end))
    }

    var perfectSubtrees: [(level: Int, index: Int64)] {
        var (position, subtrees): (Int64, [(level: Int, index: Int64)]) = (start, [])
        while position < end {
            // The start of a node is a multiple of its width, so that only what is left limits the level.
            let level = 63 - (end - position).leadingZeroBitCount
            subtrees.append((level, position >> Int64(level)))
            position += Int64(1) << Int64(level)
        }
        return subtrees
    }

    /// What stands beside the way from a leaf to the root, from the leaf upward.
    static func siblings(of index: Int64, size: Int64) -> [TreeRange] {
        var (range, siblings): (TreeRange, [TreeRange]) = (TreeRange(0, size), [])
        while range.count > 1 {
            let (left, right) = range.halves
            siblings.append(index < left.end ? right : left)
            range = index < left.end ? left : right
        }
        return siblings.reversed()
    }

    /// RFC 6962, 2.1.2: `SUBPROOF`.
    static func consistency(from oldSize: Int64, to newSize: Int64) -> [TreeRange] {
        guard oldSize > 0 else { return [] }
        var (range, proof): (TreeRange, [TreeRange]) = (TreeRange(0, newSize), [])
        while range.end != oldSize {
            let (left, right) = range.halves
            proof.append(oldSize <= left.end ? right : left)
            range = oldSize <= left.end ? left : right
        }
        // A subtree that begins the tree is the old root itself, which whoever checks has.
        if range.start > 0 { proof.append(range) }
        return proof.reversed()
    }
}
