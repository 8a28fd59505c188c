import CZlib
import Core
import Foundation
import Tabular
import Testing

@testable import Pricing

/// Real sales, where somebody has them: `CHEXIN_PRICING_DATA` names the folder with one table for each mapping in
/// `Sources/Pricing/Mappings`, such as `cn-stores.csv.gz`. Learning takes minutes, and an hour without optimisation:
///
///     CHEXIN_PRICING_DATA=folder swift test -c release -Xswiftc -enable-testing --filter RealSalesTests
@Suite(
    .enabled(if: RealSales.folder != nil, "CHEXIN_PRICING_DATA names no folder"),
    .serialized
)
struct RealSalesTests {
    /// What the rules have to beat: boosted trees on the same sales, share within 5 % and median error in millionths.
    private static let thresholds: [Threshold] = [
        Threshold("cn-asking", within5: 554_000, median: 43_000, medianOfA: 35_000, shareOfA: 250_000),
        Threshold("cn-stores", within5: 465_000, median: 55_000),
        Threshold("uk-asking", within5: 488_000, median: 52_000),
        Threshold("us-auction", within5: 548_000, median: 43_000),
    ]

    struct Threshold: Sendable, CustomTestStringConvertible {
        let source: String
        let within5: Int64
        let median: Int64
        let medianOfA: Int64
        let shareOfA: Int64

        init(_ source: String, within5: Int64, median: Int64, medianOfA: Int64 = 50_000, shareOfA: Int64 = 0) {
            self.source = source
            self.within5 = within5
            self.median = median
            self.medianOfA = medianOfA
            self.shareOfA = shareOfA
        }

        var testDescription: String { source }
    }

    @Test(arguments: thresholds)
    func `cars kept apart are valued better than a black box values them`(threshold: Threshold) throws {
        guard let sales = try RealSales.read(threshold.source) else { return }
        let holdOut = try #require(HoldOut(oneIn: 5))
        let known = sales.filter { !holdOut.holds($0) }
        var settings = Calibration.Settings()
        settings.id = threshold.source
        let content = try Calibration.ruleSet(of: known, settings: settings)
        let judged = sales.filter(holdOut.holds)
        var backtest = Backtest()
        backtest.run(Estimator(content: content), comparables: known, sales: judged, isForward: false)
        let overall = backtest.overall.figures
        expectBetterThanGuide(overall, judged)
        #expect(overall.within5PPM > threshold.within5)
        #expect(overall.medianAbsErrorPPM < threshold.median)
        #expect((780_000...820_000).contains(overall.rangeCoveragePPM))
        let a = try #require(backtest.byClass[.a]).figures
        #expect(a.medianAbsErrorPPM <= threshold.medianOfA)
        #expect(Int64(a.count) * 1_000_000 >= Int64(overall.count) * threshold.shareOfA)
        for (name, tally) in backtest.byClass where tally.figures.count >= 300 {
            #expect((780_000...820_000).contains(tally.figures.rangeCoveragePPM), "class \(name.rawValue)")
        }
    }

    /// Where the market itself publishes what each car is worth, the rules know more.
    private func expectBetterThanGuide(_ figures: BacktestFigures, _ sales: [Sale]) {
        guard sales.contains(where: { $0.car.marketValueFen != nil }) else { return }
        var guide = BacktestTally()
        for sale in sales {
            let fen = sale.car.marketValueFen ?? 0
            guide.add(estimateFen: fen, actualFen: sale.priceFen, lowFen: fen, highFen: fen)
        }
        #expect(figures.within5PPM > guide.figures.within5PPM)
        #expect(figures.medianAbsErrorPPM < guide.figures.medianAbsErrorPPM)
    }
}

enum RealSales {
    static let folder = ProcessInfo.processInfo.environment["CHEXIN_PRICING_DATA"]
    private static let mappings = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Pricing/Mappings")

    /// - Returns: `nil` where the folder does not have this source.
    static func read(_ source: String) throws -> [Sale]? {
        guard let folder else { return nil }
        let mapping = try SourceMapping(reading: Array(Data(contentsOf: mappings.appending(path: "\(source).yaml"))))
        guard let file = gzopen("\(folder)/\(source).csv.gz", "rb") else { return nil }
        defer { gzclose(file) }
        let table = CSVReader()
        var reader: SaleReader?
        var sales: [Sale] = []
        func take(_ records: [CSVRecord]) throws {
            for record in records {
                if let reader {
                    if let sale = reader.sale(record) { sales.append(sale) }
                } else {
                    reader = try SaleReader(mapping: mapping, header: record)
                }
            }
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = gzread(file, &chunk, UInt32(chunk.count))
            guard count > 0 else { break }
            try take(table.take(Array(chunk[..<Int(count)])))
        }
        try take(table.finish())
        return sales
    }
}
