import Core
import Support
import Testing

@testable import History

@Suite("Findings: odometer") struct FindingsOdometerTests {
    /// Readings as `day:km`; `R` behind a reading is a repair that replaced the odometer, `day:R` one without a
    /// reading. The verdicts are y, n and ? in the order rollback, rollover, inconsistency.
    static let cases = TextTable(
        """
        verdicts | readings                                            | why
        ???      | none                                                | nothing was read
        ???      | 0:50000                                             | one reading
        nnn      | 0:50000 100:50000                                   | it stood still
        nnn      | 0:50000 100:53000 200:59000                         | it was driven
        nnn      | 0:50000 10:49000                                    | listings round to 1,000 km
        ynn      | 0:50000 10:48999                                    | a kilometre more is a fall
        ynn      | 0:50000 10:49500 20:48900 30:48500                  | down in small steps
        nnn      | 0:50000 0:50800                                     | two on one day
        nnn      | 0:50000 0:52500                                     | a long day
        nny      | 0:50000 0:52501                                     | too far for a day
        nnn      | 0:50000 10:66000                                    | far, and possible
        nny      | 0:50000 10:66001                                    | not possible
        ynn      | 0:50000 300:90000 600:40000 900:50000               | turned back
        ynn      | 0:50000 300:90000 600:40000                         | turned back, read once since
        ynn      | 0:90000 100:40000 400:60000 700:80000 1000:95000    | driven past the old mileage since
        ynn      | 0:60000 200:30000 400:50000 600:20000 800:30000     | turned back twice
        nny      | 0:50000 100:5100 200:53000                          | a digit lost
        nny      | 0:50000 100:5100 105:5200 106:53000 200:54000       | two in a row, too far to be driven
        yny      | 0:50000 100:5100 105:5200 106:53000                 | the same, against one reading only
        ynn      | 0:50000 100:5100 200:9000 400:53000                 | two in a row that could be driven
        nny      | 0:50000 100:531000 200:54000 300:55000              | a digit too many
        nny      | 0:50000 100:531000 110:532000 200:54000             | twice a digit too many
        nny      | 0:50000 100:0 200:54000                             | a placeholder
        nny      | 0:50000 100:0 200:1 300:10 400:54000                | placeholders in a row
        ??y      | 0:50000 100:0                                       | a placeholder at the end
        nnn      | 0:0 1:10 400:12000                                  | a new car
        ynn      | 0:50000 100:150000 200:51000 300:52000              | high, but it could be driven
        nny      | 0:50000 100:531000 150:5400 200:54000               | a digit too many, then one lost
        yny      | 0:50000 100:90000 110:0 200:40000 300:45000         | turned back, with a placeholder
        nyn      | 0:95000 60:99500 120:1200 200:4000                  | five digits ran over
        nyn      | 0:950000 100:998000 200:2000 300:9000               | six digits ran over
        nyn      | 0:150000 100:158000 200:3000 300:8000               | five digits of miles ran over
        ynn      | 0:89999 100:1000 200:4000                           | not near the end
        ynn      | 0:95000 100:60000 300:65000                         | too far for ordinary work
        nyn      | 0:95000 400:31000 500:35000                         | a year's work
        nnn      | 0:80000 100:R 200:300 400:9000 600:16000            | replaced in between
        nnn      | 0:80000 100:81000R 200:300 400:9000                 | replaced, the old one read
        nnn      | 0:80000 50:81000 100:0R 200:300 400:9000            | replaced, the new one read
        ynn      | 0:80000 100:R 200:9000 400:3000 500:4000            | the new one turned back
        ynn      | 0:80000 100:60000 200:61000 300:R 400:300 500:2000  | turned back before it was replaced
        nnn      | 0:80000 100:R 200:90000 300:95000                   | replaced, and set to the old mileage
        ???      | 0:80000 100:R 200:300                               | nothing of one counter to compare
        """
    )

    @Test(arguments: cases.rows)
    func `each series has its verdicts`(_ row: TextTable.Row) throws {
        let history = odometerHistory(row["readings"])
        let verdicts = [FindingCode.odometerRollback, .odometerRollover, .odometerInconsistency].map { code in
            switch history.finding(code)?.state {
            case .yes: "y"
            case .no: "n"
            default: "?"
            }
        }
        #expect(verdicts.joined() == row["verdicts"])
    }

    @Test func `a rollback names the peak, the lower readings and what is missing at least`() throws {
        let history = odometerHistory("0:50000 300:90000 600:40000 900:52000 1200:91000")
        let finding = try #require(history.finding(.odometerRollback))
        #expect(finding.severity == .critical)
        #expect(finding.evidence.map(\.part) == [.peak, .lower, .lower])
        #expect(finding.evidence.map(\.odometerKm) == [90_000, 40_000, 52_000])
        #expect(finding.sentence.zh.contains("至少少了 50,000 公里"))
        #expect(finding.sentence.en.contains("at least 50,000 km are missing"))
        #expect(!finding.sentence.zh.contains("录入错误"))
    }

    @Test func `a single low reading is told with its doubt`() throws {
        let finding = try #require(odometerHistory("0:50000 300:90000 600:40000").finding(.odometerRollback))
        #expect(finding.sentence.zh.contains("也可能是录入错误"))
    }

    @Test func `two rollbacks add up`() throws {
        let history = odometerHistory("0:60000 200:30000 400:50000 600:20000 800:30000")
        let finding = try #require(history.finding(.odometerRollback))
        #expect(finding.sentence.en.contains("60,000 km are missing in all"))
    }

    @Test func `a typing error names the reading and none beside it`() throws {
        let finding = try #require(odometerHistory("0:50000 100:5100 200:53000").finding(.odometerInconsistency))
        #expect(finding.severity == .warning)
        #expect(finding.evidence.map(\.odometerKm) == [5_100])
        #expect(finding.evidence.map(\.part) == [.contradicted])
    }

    @Test func `a no says how many readings over which time, and of a replaced odometer`() throws {
        let history = odometerHistory("0:80000 50:81000 100:R 200:300 400:9000")
        let finding = try #require(history.finding(.odometerRollback))
        #expect(finding.sentence.zh.contains("4 次里程读数（2015-01-01至2016-02-05）"))
        #expect(finding.sentence.zh.contains("2015-04-11换过里程表"))
        #expect(finding.sentence.en.contains("replaced on 2015-04-11"))
    }

    @Test func `an inspector who found the odometer altered is believed`() throws {
        let history = WrittenHistory(
            """
            2020-01-01 odometer.read odometer_km=50000
            2021-01-01 odometer.read odometer_km=60000
            2022-01-01 inspection.platform odometer_altered=yes odometer_km=70000
            """
        )
        let finding = try #require(history.finding(.odometerRollback))
        #expect(finding.state == .yes)
        #expect(finding.evidence.map(\.entry) == [history.entries[2].hash])
    }

    @Test func `readings of every kind of event count`() {
        let history = WrittenHistory(
            """
            2020-01-01 maintenance.done odometer_km=90000
            2021-01-01 sale.completed odometer_km=30000
            2021-06-01 inspection.statutory odometer_km=35000
            """
        )
        #expect(history.finding(.odometerRollback)?.state == .yes)
    }

    @Test func `each reading has its verdict in the series`() {
        let readings = "0:50000 50:0 100:90000 200:40000 250:42000 300:45000 301:95000 400:99500 460:800"
        let series = OdometerSeries(odometerHistory(readings).timeline)
        let verdicts = series.points.map(\.verdict)
        #expect(verdicts == [.consistent, .typingError, .peak, .lower, .lower, .lower, .tooFar, .peak, .rolledOver])
        #expect(series.highest?.km == 99_500)
    }
}

/// Readings as the table of cases writes them.
func odometerHistory(_ text: String) -> WrittenHistory {
    var history = WrittenHistory()
    for word in text.split(separator: " ") where word != "none" {
        let parts = word.split(separator: ":")
        let time = instant("2015-01-01").adding(seconds: Int64(parts[0])! * 86_400)
        let km = Int64(parts[1].filter { $0 != "R" })
        var data: [JSON.Member] = km.map { [.init("odometer_km", .integer($0))] } ?? []
        let isReplaced = parts[1].hasSuffix("R")
        if isReplaced { data.append(.init("odometer_replaced", true)) }
        history.append(isReplaced ? .repairDone : .odometerRead, at: time, .object(data))
    }
    return history
}
