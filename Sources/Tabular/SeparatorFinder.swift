/// Finds out, from the first lines of a table, what parts its cells.
struct SeparatorFinder {
    struct Found {
        let separator: UInt8
        /// What names the separator for Excel, `sep=;`, is no record. The line end behind it stays: an empty line.
        var skippedBytes = 0
    }

    /// Of equals the first wins.
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    private static let excelPrefix = Array("sep=".utf8)
    /// A title above the header has no separators; so many lines are looked at before the table has one column.
    private static let titleLines = 5

    /// - Parameters:
    ///   - text: from the first byte on.
    ///   - isWhole: whether no more will come, or enough has.
    /// - Returns: `nil` where more has to be read to tell.
    static func find(in text: UnsafeRawBufferPointer, isWhole: Bool) -> Found? {
        var lineStart = 0
        var linesLeft = titleLines
        while linesLeft > 0 {
            let line = Line(in: text, from: lineStart)
            guard line.isEnded || isWhole else { return nil }
            if lineStart == 0, let found = named(by: text.first(line.end)) { return found }
            if let most = line.counts.max(), most > 0, let index = line.counts.firstIndex(of: most) {
                return Found(separator: separators[index])
            }
            guard line.isEnded else { break }
            if !line.isBlank { linesLeft -= 1 }
            lineStart = line.end + 1
        }
        return Found(separator: separators[0])
    }

    private static func named(by line: UnsafeRawBufferPointer) -> Found? {
        guard line.count == excelPrefix.count + 1, line.starts(with: excelPrefix), let separator = line.last else {
            return nil
        }
        guard separators.contains(separator) || separator == UInt8(ascii: "|") else { return nil }
        return Found(separator: separator, skippedBytes: line.count)
    }

    /// How often each separator stands outside quotes on one line.
    private struct Line {
        private(set) var counts = Array(repeating: 0, count: separators.count)
        private(set) var end: Int
        private(set) var isEnded = false
        private(set) var isBlank = true

        init(in text: UnsafeRawBufferPointer, from start: Int) {
            end = start
            var isQuoted = false
            var isCellStart = true
            // Of two quotes within quotes the first seems to end the cell, and the second goes on with it.
            var hasJustClosed = false
            while end < text.count {
                let byte = text[end]
                let wasClosed = hasJustClosed
                if byte == UInt8(ascii: "\"") {
                    hasJustClosed = isQuoted
                    isQuoted = !isQuoted && (isCellStart || wasClosed)
                    isCellStart = false
                } else if !isQuoted {
                    hasJustClosed = false
                    isEnded = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                    if isEnded { return }
                    let index = separators.firstIndex(of: byte)
                    if let index { counts[index] += 1 }
                    isCellStart = index != nil
                }
                if byte != UInt8(ascii: " ") { isBlank = false }
                end += 1
            }
        }
    }
}
