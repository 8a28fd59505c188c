/// The rows that have one thing in common: a word, or a value of a column.
///
/// Few rows are a sorted list, many are a bit a row: whichever is smaller, so that a rare word costs four bytes a row
/// and a common one never more than an eighth of a byte for every row that there is.
struct Posting: Sendable {
    private static let bitsOfAListedRow = UInt32.bitWidth
    /// Shorter lists are not worth a set, whatever the number of rows is.
    private static let shortestSet = 64

    private(set) var list: [UInt32] = []
    private(set) var bitmap: RowSet?

    var count: Int { bitmap?.count ?? list.count }

    /// - Parameter capacity: how many rows there are.
    mutating func insert(_ row: UInt32, capacity: Int) {
        if bitmap != nil {
            bitmap?.insert(row)
        } else if let last = list.last, last >= row {
            let place = Posting.place(of: row, in: list)
            if list[place] != row { list.insert(row, at: place) }
        } else {
            list.append(row)
        }
        if list.count > Posting.shortestSet, list.count * Posting.bitsOfAListedRow > capacity {
            bitmap = RowSet(list)
            list = []
        }
    }

    /// Takes out rows that are gone, and goes back to a list where that is smaller by half: a posting at the border
    /// does not change its form with every row.
    mutating func subtract(_ rows: RowSet, capacity: Int) {
        bitmap?.subtract(rows)
        list.removeAll { rows.contains($0) }
        repack(capacity: capacity)
    }

    /// The number of rows has grown, and with it what a set would cost.
    mutating func repack(capacity: Int) {
        guard let rows = bitmap, rows.count * Posting.bitsOfAListedRow * 2 < capacity else { return }
        list = rows.rows
        bitmap = nil
    }

    func add(to rows: inout RowSet) {
        if let bitmap {
            rows.formUnion(bitmap)
        } else {
            for row in list { rows.insert(row) }
        }
    }

    /// The first place whose row is not smaller.
    private static func place(of row: UInt32, in list: [UInt32]) -> Int {
        var (low, high) = (0, list.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
