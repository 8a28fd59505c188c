/// A QR code of model 2 (ISO/IEC 18004, recalled, not read) for short texts: bytes, error correction level M, the
/// smallest of the versions 1 to 10 that holds them.
package struct QRCode: Sendable, Hashable {
    /// Modules on a side.
    package let size: Int
    private let dark: [Bool]

    package func isDark(_ row: Int, _ column: Int) -> Bool { dark[row * size + column] }

    /// - Returns: `nil` for more bytes than version 10 holds.
    package init?(_ bytes: [UInt8]) {
        guard let version = QRVersion.all.first(where: { bytes.count <= $0.capacity }) else { return nil }
        let codewords = QRCode.interleaved(QRCode.data(bytes, version), version)
        let candidates = (0..<8).map { mask in QRDrawing(version, codewords, mask: mask) }
        guard let best = candidates.min(by: { $0.penalty < $1.penalty }) else { return nil }
        size = best.size
        dark = best.dark
    }

    /// Mode, length, bytes, end and padding.
    private static func data(_ bytes: [UInt8], _ version: QRVersion) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for bit in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> bit & 1 == 1) }
        }
        append(0b0100, 4)
        append(bytes.count, version.lengthBits)
        for byte in bytes { append(Int(byte), 8) }
        let capacityBits = version.dataCodewords * 8
        append(0, min(4, capacityBits - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var pads = [0xEC, 0x11]
        while bits.count < capacityBits {
            append(pads[0], 8)
            pads.swapAt(0, 1)
        }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    /// In blocks, each with its error correction, a codeword of each block at a time.
    private static func interleaved(_ data: [UInt8], _ version: QRVersion) -> [UInt8] {
        var blocks: [[UInt8]] = []
        var start = 0
        for length in version.blockLengths {
            blocks.append(Array(data[start..<start + length]))
            start += length
        }
        let divisor = ReedSolomon.divisor(degree: version.correctionCodewords)
        let corrections = blocks.map { ReedSolomon.remainder(of: $0, by: divisor) }
        let longest = version.blockLengths.max() ?? 0
        let mixed = (0..<longest).flatMap { index in blocks.compactMap { index < $0.count ? $0[index] : nil } }
        return mixed + (0..<version.correctionCodewords).flatMap { index in corrections.map { $0[index] } }
    }
}

/// What level M of a version is made of.
struct QRVersion {
    let number: Int
    /// Of each block.
    let correctionCodewords: Int
    /// Data codewords of each block.
    let blockLengths: [Int]

    var size: Int { 17 + 4 * number }
    var dataCodewords: Int { blockLengths.reduce(0, +) }
    var lengthBits: Int { number < 10 ? 8 : 16 }
    /// In bytes.
    var capacity: Int { (dataCodewords * 8 - 4 - lengthBits) / 8 }

    /// Where the centres of alignment patterns stand, in rows and columns.
    var alignment: [Int] {
        guard number > 1 else { return [] }
        return number < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7]
    }

    private static func level(_ number: Int, _ correction: Int, _ blocks: [(count: Int, length: Int)]) -> QRVersion {
        QRVersion(
            number: number,
            correctionCodewords: correction,
            blockLengths: blocks.flatMap { Array(repeating: $0.length, count: $0.count) }
        )
    }

    static let all = [
        level(1, 10, [(1, 16)]), level(2, 16, [(1, 28)]), level(3, 26, [(1, 44)]), level(4, 18, [(2, 32)]),
        level(5, 24, [(2, 43)]), level(6, 16, [(4, 27)]), level(7, 18, [(4, 31)]), level(8, 22, [(2, 38), (2, 39)]),
        level(9, 22, [(3, 36), (2, 37)]), level(10, 26, [(4, 43), (1, 44)]),
    ]
}

/// Error correction over the field of 256 elements with the polynomial x^8 + x^4 + x^3 + x^2 + 1.
enum ReedSolomon {
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in stride(from: 7, through: 0, by: -1) {
            product = product << 1 ^ (product >> 7) * 0x11D
            if right >> UInt8(bit) & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(product)
    }

    /// The product of all (x - 2^i) below `degree`, without its leading one.
    static func divisor(degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in result.indices {
                result[index] = product(result[index], root)
                if index + 1 < result.count { result[index] ^= result[index + 1] }
            }
            root = product(root, 2)
        }
        return result
    }

    static func remainder(of data: [UInt8], by divisor: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for index in result.indices { result[index] ^= product(divisor[index], factor) }
        }
        return result
    }
}
