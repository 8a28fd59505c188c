import Testing

@testable import Pricing

@Suite struct ConfidenceFitTests {
    @Test func `one error to come in ten lies beyond each end`() {
        let ends = ConfidenceFit.ends((1...99).map(Double.init).shuffled())
        #expect(ends.low == 10)
        #expect(ends.high == 90)
    }

    @Test func `few errors leave more room than their own tenths`() {
        let ends = ConfidenceFit.ends((1...9).map(Double.init))
        #expect(ends.low == 1)
        #expect(ends.high == 9)
    }

    @Test func `between two errors the end lies where its rank does`() {
        let ends = ConfidenceFit.ends([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140])
        #expect(ends.low == 15)
        #expect(ends.high == 135)
    }

    @Test func `no errors make no range`() {
        let ends = ConfidenceFit.ends([])
        #expect(ends.low == 0 && ends.high == 0)
    }
}
