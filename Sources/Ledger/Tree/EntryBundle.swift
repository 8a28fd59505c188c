/// The entries under a tile of level 0, each behind its length in two bytes.
package enum EntryBundle {
    package static let maximumEntryByteCount = 65_535

    /// `nil` where there are more than 256 entries, none, or one is too long.
    package static func encode(_ entries: [[UInt8]]) -> [UInt8]? {
        guard (1...Tile.fullWidth).contains(entries.count) else { return nil }
        var bytes: [UInt8] = []
        for entry in entries {
            guard entry.count <= maximumEntryByteCount else { return nil }
            bytes += [UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry
        }
        return bytes
    }

    /// `nil` unless there are exactly `count` entries and nothing behind them.
    package static func decode(_ bytes: [UInt8], count: Int) -> [ArraySlice<UInt8>]? {
        guard (1...Tile.fullWidth).contains(count) else { return nil }
        var entries: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty, entries.count < count {
            guard rest.count >= 2 else { return nil }
            let length = Int(bigEndianInteger(rest.prefix(2)))
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            entries.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty && entries.count == count ? entries : nil
    }
}
