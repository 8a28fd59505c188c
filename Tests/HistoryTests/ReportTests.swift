import Core
import Cryptography
import Testing
import Web

@testable import History

@Suite("Report") struct ReportTests {
    private let vin = try! VIN(parsing: "LSVAL41Z882104202")

    private func report(_ history: WrittenHistory, asOf day: String = "2024-06-01") -> VehicleReport {
        VehicleReport(vin: vin, timeline: history.timeline, asOf: instant(day)) { source in
            source == "org_source" ? (.workshop, "城东汽修") : nil
        }
    }

    private static let life = """
        2019-05-10 vehicle.registered make=比亚迪 series=秦 energy=plug_in_hybrid use=private plate_region=浙A
        2020-05-10 maintenance.done odometer_km=15000 cost=¥68000 items=机油,机滤
        2021-05-10 ownership.transferred use=private transfer_count=2 plate_region=沪B odometer_km=30000
        2022-05-10 insurance.claimed peril=collision paid_amount=¥1234567 odometer_km=45000
        2023-05-10 inspection.statutory result=passed odometer_km=60000
        """

    @Test func `identity is what the registration states, and nothing is made up`() throws {
        let identity = report(WrittenHistory(Self.life)).identity
        #expect(identity.title == "比亚迪 秦")
        #expect(identity.json["energy"]?["value"] == "plug_in_hybrid")
        #expect(identity.json["energy"]?["zh"] == "插电混动")
        #expect(identity.json["first_registered"]?["value"] == "2019-05-10")
        #expect(identity.json["use"]?["en"] == "a private car")
        #expect(identity.json["plate_region"]?["value"] == "沪B")
        #expect(identity.json["model"] == .null)
        #expect(identity.json["color"] == .null)
    }

    @Test func `the use is not known where the last owner's was not stated`() {
        var history = WrittenHistory(Self.life)
        history.add("2023-06-01 ownership.transferred")
        #expect(report(history).identity.json["use"] == .null)
    }

    @Test func `the document has every part, each text in both languages`() throws {
        let json = report(WrittenHistory(Self.life)).json
        #expect(
            json.members?.map(\.name) == [
                "vin", "as_of", "entries", "head", "headline", "identity", "owners", "findings", "not_reported",
                "odometer", "timeline",
            ]
        )
        #expect(json["findings"]?.arrayValue?.count == FindingCode.allCases.count)
        #expect(json["timeline"]?.arrayValue?.count == 5)
        #expect(json["owners"]?["recorded_transfers"] == 1)
        #expect(json["owners"]?["stated_transfers"] == 2)
        #expect(json["odometer"]?["readings"]?.arrayValue?.count == 4)
        #expect(try JSONParser.parse(json.bytes) == json)
        everyText(in: json) { zh, en in
            #expect(!zh.isEmpty && !en.isEmpty)
            #expect(
                en.unicodeScalars.allSatisfy { $0.value < 0x4E00 || $0.value > 0x9FFF } || zh == en || en.contains("机油")
                    || en.contains("比亚迪") || en.contains("浙A") || en.contains("沪B") || en.contains("城东汽修")
            )
        }
    }

    @Test func `what nobody has reported is listed`() {
        let report = report(WrittenHistory(Self.life))
        #expect(report.notReported.contains(.flood))
        #expect(report.notReported.contains(.theft))
        #expect(!report.notReported.contains(.commercialUse))
        #expect(report.json["not_reported"]?.arrayValue?.count == report.notReported.count)
    }

    @Test func `an event is told with its source, its hash and its standing`() throws {
        let history = WrittenHistory(Self.life)
        let event = try #require(report(history).json["timeline"]?.arrayValue?[1])
        #expect(event["entry"] == JSON(history.entries[1].hash.hex))
        #expect(event["source"]?["role"] == "workshop")
        #expect(event["source"]?["name"] == "城东汽修")
        #expect(event["source"]?["label"]?["en"] == "城东汽修 (a workshop)")
        #expect(event["standing"]?["state"] == "stands")
        #expect(event["sentence"]?["zh"] == "2020-05-10，做了保养，项目：机油、机滤，费用 ¥680.00，里程 15,000 公里。")
        #expect(event["odometer_km"] == 15_000)
        #expect(event["recorded_late"] == false)
    }

    @Test func `a source that nobody knows is said not to be known`() throws {
        let report = VehicleReport(
            vin: vin,
            timeline: WrittenHistory("2020-05-10 maintenance.done").timeline,
            asOf: instant("2024-06-01")
        ) { _ in nil }
        #expect(report.events[0].source.label == LocalizedText(zh: "来源不明", en: "unknown source"))
        #expect(report.json["timeline"]?.arrayValue?[0]["source"]?["role"] == .null)
    }

    @Test func `days are days in China`() {
        let report = report(WrittenHistory("2023-12-31T16:00:00.000Z odometer.read odometer_km=100"))
        #expect(report.events[0].sentence.zh.hasPrefix("2024-01-01，"))
    }

    // MARK: Standing

    @Test func `a corrected event stands with what it said and with what holds`() throws {
        var history = WrittenHistory("2022-05-10 odometer.read odometer_km=450000")
        history.correct(history.entries[0], to: ["odometer_km": 45_000], at: "2022-05-11", reason: "多打一个零")
        let event = try #require(report(history).events.first)
        #expect(event.sentence.zh == "2022-05-11，里程表读数 45,000 公里。")
        #expect(event.standing.state == .corrected)
        #expect(event.standing.before?.zh == "2022-05-10，里程表读数 450,000 公里。")
        #expect(event.standing.sentence?.zh == "2024-01-01由来源更正，理由：多打一个零。")
        #expect(event.standing.json["by"] == JSON(history.entries[1].hash.hex))
        #expect(report(history).odometer.points.map(\.reading.km) == [45_000])
    }

    @Test func `a retracted event stands as one that counts no more`() throws {
        var history = WrittenHistory("2022-05-10 flood.reported")
        history.retract(history.entries[0])
        let event = try #require(report(history).events.first)
        #expect(event.standing.state == .retracted)
        #expect(event.sentence.zh.contains("已被撤回，不再算数"))
        #expect(event.standing.before?.en == "2022-05-10: The car was flooded, with water inside.")
        #expect(event.standing.sentence?.en == "It was retracted on 2024-01-01; reason: 记错了车.")
    }

    @Test func `an erased event stands without what it said`() throws {
        var history = WrittenHistory("2022-05-10 repair.done cost=¥100 parts=保险杠,大灯")
        history.erase(history.entries[0])
        let report = report(history)
        let event = try #require(report.events.first)
        #expect(event.standing.state == .erased)
        #expect(event.standing.before == nil)
        #expect(event.standing.sentence?.zh == "2024-01-01依法删除内容，依据：法律法规另有规定。")
        #expect(event.standing.json["by"] == JSON(history.entries[1].hash.hex))
        #expect(!String(decoding: report.json.bytes, as: UTF8.self).contains("保险杠"))
    }

    @Test func `a correction whose contents were erased leaves nothing that holds`() throws {
        var history = WrittenHistory("2022-05-10 flood.reported")
        history.correct(history.entries[0], to: [:])
        history.erase(history.entries[1])
        let event = try #require(report(history).events.first)
        #expect(event.standing.state == .corrected)
        #expect(event.sentence.zh.contains("内容已依法删除"))
        #expect(report(history).findings.first { $0.code == .flood }?.state == .notKnown)
    }

    @Test func `nothing about a person is in a report`() {
        var history = WrittenHistory("2022-05-10 modification.done description=车主张三13800138000浙A12345")
        history.correct(history.entries[0], to: ["description": "加装拖钩"], reason: "客户 13900139000 来电")
        let text = String(decoding: report(history).json.bytes, as: UTF8.self)
        for secret in ["13800138000", "13900139000", "浙A12345"] { #expect(!text.contains(secret)) }
    }

    // MARK: Headline

    @Test func `the headline follows what weighs most`() {
        let level = { (text: String) in report(WrittenHistory(text)).headline.level }
        #expect(level("") == .nothingRecorded)
        #expect(level("2024-01-01 maintenance.done") == .openQuestions)
        #expect(level("2024-01-01 vehicle.registered use=taxi") == .warning)
        #expect(level("2024-01-01 flood.reported") == .critical)
        #expect(level("2024-01-01 scrapped; 2024-01-02 vehicle.registered use=taxi") == .critical)
    }

    @Test func `only answers to everything that matters make a car without known problems`() {
        let heads = EventSchema.inspectedHeads.map { "\($0.name)=no" }.joined(separator: " ")
        let answered = """
            2022-01-01 vehicle.registered use=private
            2023-01-01 odometer.read odometer_km=10000
            2024-01-01 inspection.platform odometer_km=20000 \(heads)
            """
        let headline = report(WrittenHistory(answered)).headline
        #expect(headline.level == .noKnownProblem)
        #expect(!headline.sentence.zh.contains("没有问题") && !headline.sentence.en.contains("clean"))
        let silent = answered.replacing("flood=no", with: "flood=not_known")
        #expect(report(WrittenHistory(silent)).headline.level == .openQuestions)
        #expect(report(WrittenHistory(silent)).headline.sentence.zh.contains("严重涉水"))
    }

    @Test func `the headline names the problems and counts the open questions`() {
        let headline = report(WrittenHistory("2024-01-01 flood.reported; 2024-01-02 theft.reported status=stolen"))
            .headline
        #expect(headline.sentence.zh.hasPrefix("有严重问题：被盗抢、严重涉水；另有 "))
        #expect(headline.sentence.en.hasPrefix("Serious problems: stolen, flooded; "))
        #expect(headline.json["level"] == "critical")
    }

    /// Calls back for every pair of texts in a document.
    private func everyText(in json: JSON, _ check: (String, String) -> Void) {
        if let zh = json["zh"]?.stringValue { check(zh, json["en"]?.stringValue ?? "") }
        for member in json.members ?? [] { everyText(in: member.value, check) }
        for element in json.arrayValue ?? [] { everyText(in: element, check) }
    }
}
