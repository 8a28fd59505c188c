/// Lends the bytes of any collection as one contiguous run; copies them only where they are scattered.
func withContiguousBytes<Result>(
    of bytes: some Collection<UInt8>,
    _ body: (UnsafeRawBufferPointer) -> Result
) -> Result {
    if let result = bytes.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return result }
    return Array(bytes).withUnsafeBytes(body)
}

extension UnsafeRawBufferPointer {
    /// What libcrypto's parameters of type `const unsigned char *` take.
    var octets: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

extension UnsafeMutableRawBufferPointer {
    var octets: UnsafeMutablePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

/// Texts one after another, each behind its length, so that no two lists of them give the same bytes.
func lengthPrefixed(_ texts: [String]) -> [UInt8] {
    texts.flatMap { text in
        let count = UInt32(truncatingIfNeeded: text.utf8.count)
        return stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
            + Array(text.utf8)
    }
}
