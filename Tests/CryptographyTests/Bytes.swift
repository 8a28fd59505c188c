import Core

/// The bytes of hexadecimal digits, which may stand in groups and lines.
func bytes(_ hex: String) -> [UInt8] {
    [UInt8](lowercaseHex: hex.filter { !$0.isWhitespace })!
}

/// Rows of words; `-` stands for the empty word.
func rows(_ table: String) -> [[String]] {
    table.split(separator: "\n").map { line in
        line.split(separator: " ").map { $0 == "-" ? "" : String($0) }
    }
}

/// Every copy of `bytes` with one bit flipped in one of its bytes.
func oneBitFlips(of bytes: [UInt8]) -> [[UInt8]] {
    bytes.indices.map { index in
        var copy = bytes
        copy[index] ^= 1 << UInt8(index % 8)
        return copy
    }
}
