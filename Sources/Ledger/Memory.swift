#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Inlined, so that where `count` is known the comparison becomes a few machine words.
@inline(__always)
func bytesAreEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Bool {
    memcmp(left, right, count) == 0
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func elementsEqual(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount, let baseAddress else { return false }
        return bytesAreEqual(baseAddress, literal.utf8Start, count: literal.utf8CodeUnitCount)
    }
}
