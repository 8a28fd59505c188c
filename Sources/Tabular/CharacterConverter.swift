#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A descriptor of the C library's `iconv`, closed with its owner. It turns bytes of one encoding into UTF-8.
final class CharacterConverter {
    enum Stop {
        /// Everything has been converted.
        case end
        /// What is left is the beginning of a character.
        case incomplete
        /// What is left begins with bytes that are no character.
        case invalid
    }

    private static let scratchBytes = 64 << 10

    private let descriptor: iconv_t
    private let scratch: UnsafeMutableBufferPointer<CChar>

    /// `nil` where the C library does not know the encoding: its tables are files of their own, which a very small
    /// system may lack.
    init?(from name: String) {
        // `iconv_open` answers -1 in the guise of a pointer; the importer reads the pointer as optional.
        guard let descriptor = iconv_open("UTF-8", name), Int(bitPattern: descriptor) != -1 else { return nil }
        self.descriptor = descriptor
        scratch = .allocate(capacity: CharacterConverter.scratchBytes)
    }

    deinit {
        iconv_close(descriptor)
        scratch.deallocate()
    }

    /// Appends what can be converted, and says how many bytes that took.
    func convert(_ input: UnsafeRawBufferPointer, into output: inout [UInt8]) -> (consumed: Int, stop: Stop) {
        guard let base = input.baseAddress, !input.isEmpty else { return (0, .end) }
        // The C declaration forgot `const`: the input is only read.
        let first = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: CChar.self)
        var next: UnsafeMutablePointer<CChar>? = first
        var left = input.count
        while true {
            let before = left
            let code = step(&next, &left, into: &output)
            let consumed = input.count - left
            switch code {
            case 0: return (consumed, .end)
            case EINVAL: return (consumed, .incomplete)
            case E2BIG where left < before: continue
            default: return (consumed, .invalid)
            }
        }
    }

    /// - Returns: 0, or the error number. A full scratch area is `E2BIG`, and the next step goes on.
    private func step(
        _ next: inout UnsafeMutablePointer<CChar>?,
        _ left: inout Int,
        into output: inout [UInt8]
    ) -> Int32 {
        var target = scratch.baseAddress
        var room = scratch.count
        let result = iconv(descriptor, &next, &left, &target, &room)
        let code = result == Int(bitPattern: UInt.max) ? errno : 0
        output.append(contentsOf: UnsafeRawBufferPointer(scratch).prefix(scratch.count - room))
        return code
    }
}
