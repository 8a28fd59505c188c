/// Randomness for keys, nonces, salts and tokens.
package enum SecureRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes(fill)
        return bytes
    }

    /// From the kernel's generator. A machine that cannot give any ends the process: going on would make keys that can
    /// be guessed.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var generator = SystemRandomNumberGenerator()
        var word: UInt64 = 0
        for index in buffer.indices {
            if index.isMultiple(of: 8) { word = generator.next() }
            buffer[index] = UInt8(truncatingIfNeeded: word)
            word >>= 8
        }
    }
}
