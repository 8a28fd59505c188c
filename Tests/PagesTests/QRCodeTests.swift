import Testing

@testable import Web

/// Codes that phones read. What was drawn is read again by the rules, not by the code that drew it.
@Suite struct QRCodeTests {
    @Test(arguments: [(14, 21), (15, 25), (26, 25), (106, 41), (107, 45), (122, 45), (152, 49), (180, 53), (213, 57)])
    func `the smallest version that holds the bytes is taken`(_ byteCount: Int, _ size: Int) throws {
        let code = try #require(QRCode([UInt8](repeating: 0x41, count: byteCount)))
        #expect(code.size == size)
    }

    @Test func `more than version 10 holds is refused`() {
        #expect(QRCode([UInt8](repeating: 0x41, count: 214)) == nil)
    }

    @Test func `finders, timing and the dark module stand where readers look`() throws {
        let code = try #require(QRCode(Array("otpauth://totp/Chexin".utf8)))
        for (row, column) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
            for offset in 0..<7 {
                #expect(code.isDark(row, column + offset))
                #expect(code.isDark(row + offset, column))
            }
            #expect(!code.isDark(row + 1, column + 1))
            #expect(code.isDark(row + 3, column + 3))
        }
        for index in 8..<code.size - 8 { #expect(code.isDark(6, index) == index.isMultiple(of: 2)) }
        #expect(code.isDark(code.size - 8, 8))
    }

    /// The example of ISO/IEC 18004 as others quote it: HELLO WORLD, version 1, level M (recalled, not read).
    @Test func `error correction is that of the standard`() {
        let data: [UInt8] = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
        let expected: [UInt8] = [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]
        #expect(ReedSolomon.remainder(of: data, by: ReedSolomon.divisor(degree: 10)) == expected)
    }

    @Test func `both copies of the format agree, and name level M`() throws {
        let code = try #require(QRCode(Array("chexin".utf8)))
        let size = code.size
        let first =
            (0...5).map { code.isDark($0, 8) } + [code.isDark(7, 8), code.isDark(8, 8), code.isDark(8, 7)]
            + (9..<15).map { code.isDark(8, 14 - $0) }
        let second = (0..<8).map { code.isDark(8, size - 1 - $0) } + (8..<15).map { code.isDark(size - 15 + $0, 8) }
        #expect(first == second)
        let bits = first.enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) } ^ 0x5412
        #expect(bits >> 13 == 0)
    }
}
