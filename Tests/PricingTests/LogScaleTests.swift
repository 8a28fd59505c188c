import Testing

@testable import Pricing

@Suite struct LogScaleTests {
    @Test(
        arguments: [
            (0, 1_000_000), (1_000_000, 2_718_282), (-1_000_000, 367_879), (693_147, 2_000_000), (10_000, 1_010_050),
            (-51_293, 950_000), (4_605_170, 99_999_981),
        ] as [(Int64, Int64)]
    )
    func `powers of e are right to the last place`(log: Int64, millionths: Int64) {
        #expect(abs(LogScale.exp(log, scale: 1_000_000) - millionths) <= 1)
    }

    @Test(arguments: [1, 2, 3, 7, 100, 12_345, 9_876_543_210, 500_000_000_000] as [Int64])
    func `a logarithm leads back`(number: Int64) {
        let back = LogScale.exp(LogScale.ln(number))
        #expect(abs(back - number) <= number / 500_000)
    }

    @Test func `what is greater has the greater logarithm`() {
        var last = Int64.min
        for number in stride(from: Int64(1_000_000), to: 2_000_000_000, by: 7_777_777) {
            let log = LogScale.ln(number)
            #expect(log > last)
            last = log
        }
    }

    @Test func `nothing overflows`() {
        #expect(LogScale.exp(Int64.max) > 0)
        #expect(LogScale.exp(Int64.min / 2) == 0)
        #expect(LogScale.ln(0) < -30_000_000)
        #expect(LogScale.ln(Int64.max) == 43_668_272)
    }
}
