/// Writes records as RFC 4180 has it, with commas and CR LF, every cell defused by `FormulaGuard`. `CSVReader` reads
/// them as they were, once each cell is `FormulaGuard.restored`.
package struct CSVWriter {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// UTF-8. Whoever streams takes them out by `takeBytes`.
    package private(set) var bytes: [UInt8]

    /// - Parameter startsWithMark: whether a byte order mark comes first; without it Excel takes UTF-8 for the code
    ///   page of the system, and shows Chinese as nonsense.
    package init(startsWithMark: Bool) {
        bytes = startsWithMark ? CSVWriter.mark : []
    }

    /// What was written since the last call.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    package mutating func write(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(FormulaGuard.defused(cell))
        }
        bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
    }

    /// A record as it was read, and `notes` in columns of their own behind all that `header` has: the file that comes
    /// of it can be mended and sent again.
    package mutating func write(_ record: CSVRecord, header: CSVRecord, notes: [String]) {
        // A cell that an earlier answer defused would else get one apostrophe more each time.
        let cells = record.texts.map(FormulaGuard.restored)
        let missing = max(0, header.count - cells.count)
        write(cells + Array(repeating: "", count: missing) + notes)
    }

    private mutating func append(_ cell: String) {
        guard CSVWriter.needsQuotes(cell) else { return bytes.append(contentsOf: cell.utf8) }
        bytes.append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Also where a reader that has to find the separator could take another character for it, and where blanks at the
    /// ends could get lost.
    private static func needsQuotes(_ cell: String) -> Bool {
        guard !cell.hasPrefix("sep="), cell.utf8.first != 0x20, cell.utf8.last != 0x20 else { return true }
        return cell.utf8.contains { byte in
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x22, 0x2C, 0x3B: true
            default: false
            }
        }
    }
}
