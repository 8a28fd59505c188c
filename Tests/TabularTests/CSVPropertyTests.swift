import Support
import Testing

@testable import Tabular

@Suite struct CSVPropertyTests {
    private static let pieces = [
        "a", "1", ",", ";", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "车", "\u{20000}", "é", " ", "=", "-", "'", "@",
        "sep=", "\0",
        "\u{3000}", "\u{FF1D}",
    ]

    private static func text(_ random: inout SeededRandom, upTo count: Int) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private static func limits() -> TableLimits {
        var limits = TableLimits()
        limits.maximumCellBytes = 24
        limits.maximumRecordBytes = 60
        limits.maximumColumns = 12
        return limits
    }

    @Test func `however a text is cut, the same records and the same fault come of it`() {
        var random = SeededRandom(seed: 2026)
        for _ in 0..<3_000 {
            let bytes = Array(Self.text(&random, upTo: 40).utf8)
            for limits in [TableLimits.standard, Self.limits()] {
                let whole = Reading(bytes, limits: limits)
                #expect(Reading(bytes, cuts: cuts(of: bytes.count, using: &random), limits: limits) == whole)
                #expect(Reading(bytes, cuts: Array(0...bytes.count), limits: limits) == whole)
            }
        }
    }

    @Test func `however bytes of any kind are cut, the same records and the same fault come of them`() {
        var random = SeededRandom(seed: 30)
        let parts: [[UInt8]] = [
            GB18030.header, GB18030.rare, GB18030.volkswagen, [0x81], [0xFF], [0x0A], [0x0D, 0x0A], [0x22], [0x2C],
            Array("车".utf8), [0xE8, 0xBD], [0x00], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0x84, 0x31, 0x95, 0x33],
        ]
        for _ in 0..<3_000 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = (0..<count).flatMap { _ in parts.randomElement(using: &random) ?? [] }
            let declared = [nil, TextEncoding.utf8, .gb18030, .utf16BigEndian].randomElement(using: &random) ?? nil
            let whole = Reading(bytes, encoding: declared)
            #expect(Reading(bytes, cuts: cuts(of: bytes.count, using: &random), encoding: declared) == whole)
            #expect(Reading(bytes, cuts: Array(0...bytes.count), encoding: declared) == whole)
        }
    }

    @Test func `what is written is read again`() {
        var random = SeededRandom(seed: 4180)
        for _ in 0..<2_000 {
            let columns = Int.random(in: 1...5, using: &random)
            // A reader skips what has no content, and refuses NUL.
            let rows = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (0..<columns).map { column in
                    (column == 0 ? "x" : "") + Self.text(&random, upTo: 6).filter { $0 != "\0" }
                }
            }
            var writer = CSVWriter(startsWithMark: Bool.random(using: &random))
            for row in rows { writer.write(row) }
            let reading = Reading(writer.takeBytes())
            #expect(reading.texts.map { $0.map(FormulaGuard.restored) } == rows)
            #expect(reading.fault == nil)
        }
    }

    @Test func `every cell survives being defused and restored`() {
        var random = SeededRandom(seed: 1_210)
        for _ in 0..<5_000 {
            let cell = Self.text(&random, upTo: 4)
            let defused = FormulaGuard.defused(cell)
            #expect(FormulaGuard.restored(defused) == cell)
            #expect(defused == cell || defused.unicodeScalars.first == "'")
        }
    }
}
