/// Where a tile is published below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/112`.
package enum TilePath: Sendable, Hashable {
    case hashes(Tile)
    /// The entries under a tile of level 0.
    case entries(Tile)

    package var text: String {
        switch self {
        case .hashes(let tile): "tile/\(tile.level)/\(TilePath.suffix(tile))"
        case .entries(let tile): "tile/entries/\(TilePath.suffix(tile))"
        }
    }

    /// `nil` for what `text` would not have written: one tile has one path, so that caches hold it once.
    package init?(parsing text: some StringProtocol) {
        guard text.utf8.count <= TilePath.maximumByteCount else { return nil }
        var parts = Substring(text).split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.popFirst() == "tile", let kind = parts.popFirst() else { return nil }
        let level = kind == "entries" ? 0 : decimal(kind).flatMap { Int(exactly: $0) }
        guard let level, let width = TilePath.takeWidth(&parts), let index = TilePath.index(parts),
            let tile = Tile(level: level, index: index, width: width)
        else { return nil }
        self = kind == "entries" ? .entries(tile) : .hashes(tile)
    }

    private static let maximumByteCount = 64

    private static func suffix(_ tile: Tile) -> String {
        var groups = [digits(tile.index % 1000)]
        var rest = tile.index / 1000
        while rest > 0 {
            groups.append("x" + digits(rest % 1000))
            rest /= 1000
        }
        return groups.reversed().joined(separator: "/") + (tile.isFull ? "" : ".p/\(tile.width)")
    }

    private static func digits(_ number: Int64) -> String {
        String(String(1000 + number).dropFirst())
    }

    /// Takes `.p` and the width off the end.
    private static func takeWidth(_ parts: inout ArraySlice<Substring>) -> Int? {
        guard parts.count >= 2, parts[parts.endIndex - 2].hasSuffix(".p") else { return Tile.fullWidth }
        let width = parts.popLast().flatMap { decimal($0) }.flatMap { Int(exactly: $0) }
        guard let width, width < Tile.fullWidth, let last = parts.popLast() else { return nil }
        parts.append(last.dropLast(2))
        return width
    }

    private static func index(_ parts: ArraySlice<Substring>) -> Int64? {
        var index: Int64 = 0
        for (offset, part) in parts.enumerated() {
            let isLast = offset == parts.count - 1
            var group = part
            if !isLast, group.popFirst() != "x" { return nil }
            guard group.utf8.count == 3, group.utf8.allSatisfy(isDigit), let number = Int64(group),
                offset > 0 || isLast || number > 0
            else { return nil }
            let (product, overflows) = index.multipliedReportingOverflow(by: 1000)
            let (sum, overflowsToo) = product.addingReportingOverflow(number)
            guard !overflows, !overflowsToo else { return nil }
            index = sum
        }
        return parts.isEmpty ? nil : index
    }
}

func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// A number as these formats write it: decimal digits, no sign, no leading zero.
func decimal(_ text: some StringProtocol) -> Int64? {
    guard let first = text.utf8.first, text.utf8.allSatisfy(isDigit), first != UInt8(ascii: "0") || text.utf8.count == 1
    else { return nil }
    return Int64(text)
}
