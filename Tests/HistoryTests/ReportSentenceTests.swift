import Core
import Support
import Testing

@testable import History

@Suite("Report: sentences") struct ReportSentenceTests {
    /// Words of the trade that a buyer cannot be expected to know, and what a report says instead.
    static let jargon = [
        "泡水", "水泡", "火烧车", "调表", "大梁", "纵梁", "重大事故", "事故车", "结构性损伤", "喷漆", "钣金", "切割", "营转非", "提档", "全损车",
        "里程改动", "SOH", "BMS", "VIN码",
    ]

    /// Data in which every field of a kind's schema is stated; of choices, the one at this place.
    private func data(_ kind: VehicleEventKind, choice: Int = 0, state: TriState = .yes) -> JSON {
        let schema = EventRegistry.schema(named: kind.rawValue)
        return .object((schema?.fields ?? []).map { .init($0.name, example($0.type, choice, state)) })
    }

    private func example(_ type: FieldType, _ choice: Int, _ state: TriState) -> JSON {
        switch type {
        case .text: "某处"
        case .choice(let choices): JSON(choices[choice % choices.count])
        case .integer(let range): .integer(min(max(8, range.lowerBound), range.upperBound))
        case .bool: true
        case .triState: JSON(state.rawValue)
        case .odometerKm: 123_456
        case .money: Money(fen: 123_456).json
        case .date: "2025-06-01"
        case .plateRegion: "浙A"
        case .hash: JSON(String(repeating: "0", count: 64))
        case .list(let element, _): [example(element, choice, state)]
        case .object: [:]
        }
    }

    private func sentences(_ kind: VehicleEventKind) -> [LocalizedText] {
        let day = CalendarDate("2024-02-29")!
        let stated = (0..<12).flatMap { choice in
            TriState.allCases.map { EventSentence.text(kind, data(kind, choice: choice, state: $0), on: day) }
        }
        return stated + [EventSentence.text(kind, [:], on: day), EventSentence.text(kind, nil, on: day)]
    }

    @Test(arguments: VehicleEventKind.allCases)
    func `every kind has one plain sentence in both languages`(_ kind: VehicleEventKind) {
        for sentence in sentences(kind) {
            #expect(sentence.zh.hasPrefix("2024-02-29，"))
            #expect(sentence.zh.hasSuffix("。") && !sentence.zh.dropLast().contains("。"))
            #expect(sentence.en.hasPrefix("2024-02-29: "))
            #expect(sentence.en.hasSuffix(".") && !sentence.en.contains("Optional"))
            #expect(sentence.zh.count > 13 && sentence.en.count > 16)
        }
    }

    @Test(arguments: VehicleEventKind.allCases)
    func `no sentence needs knowledge of the trade`(_ kind: VehicleEventKind) {
        for sentence in sentences(kind) {
            for word in Self.jargon { #expect(!sentence.zh.contains(word), "\(word): \(sentence.zh)") }
            #expect(!sentence.en.contains("_"), "a bare code: \(sentence.en)")
        }
    }

    @Test func `findings need no knowledge of the trade either`() {
        let lines = FindingsTests.cases.rows.map { $0["history"] } + FindingsStandingTests.accusations
        for finding in lines.flatMap({ WrittenHistory($0).findings() }) {
            for word in Self.jargon { #expect(!finding.sentence.zh.contains(word), "\(word): \(finding.sentence.zh)") }
            #expect(finding.sentence.zh.hasSuffix("。") && finding.sentence.en.hasSuffix("."))
            #expect(!finding.sentence.en.contains("_") && !finding.sentence.en.contains("(s)"))
        }
    }

    @Test(arguments: EventRegistry.schemas.map(\.kind))
    func `every choice of every schema has a word in both languages`(_ kind: VehicleEventKind) throws {
        for field in try #require(EventRegistry.schema(named: kind.rawValue)).fields {
            var type = field.type
            if case .list(let element, _) = type { type = element }
            guard case .choice(let choices) = type else { continue }
            for choice in choices { #expect(PlainWords.hasWord(field.name, choice), "\(field.name) \(choice)") }
        }
    }

    @Test(arguments: VehicleEventKind.allCases)
    func `every kind has a name`(_ kind: VehicleEventKind) {
        #expect(PlainWords.hasWord("kind_of_event", kind.rawValue))
    }

    @Test func `figures are written as people write them`() {
        #expect(PlainNumbers.grouped(0) == "0")
        #expect(PlainNumbers.grouped(999) == "999")
        #expect(PlainNumbers.grouped(1_000) == "1,000")
        #expect(PlainNumbers.grouped(-1_234_567) == "-1,234,567")
        #expect(PlainNumbers.yuan(Money(fen: 123_456)) == "¥1,234.56")
        #expect(PlainNumbers.yuan(Money(fen: 5)) == "¥0.05")
        #expect(PlainNumbers.yuan(Money(fen: -100)) == "-¥1.00")
        #expect(PlainNumbers.percent(basisPoints: 9_150) == "91.5%")
        #expect(PlainNumbers.percent(basisPoints: 9_105) == "91.05%")
        #expect(PlainNumbers.percent(basisPoints: 10_000) == "100%")
    }

    @Test func `a claim is told with what it cost and what nobody said`() {
        let claim: JSON = [
            "peril": "collision", "loss_amount": Money(fen: 1_234_567).json, "areas": ["front", "left"],
            "odometer_km": 45_210,
        ]
        let sentence = EventSentence.text(.insuranceClaimed, claim, on: CalendarDate("2023-03-04")!)
        #expect(
            sentence.zh == "2023-03-04，向保险公司报案理赔，原因：碰撞，核定损失 ¥12,345.67，受损部位：车头、左侧，"
                + "没有说明是否伤到车身结构（骨架），里程 45,210 公里。"
        )
        #expect(
            sentence.en == "2023-03-04: A claim was made to the insurer; because of: collision; loss assessed at "
                + "¥12,345.67; damaged: front, left side; not stated whether the body structure was damaged; "
                + "odometer 45,210 km."
        )
    }

    @Test(arguments: [
        ("电话 13800138000 张", "电话 ＊＊＊＊＊＊＊＊＊＊＊ 张"), ("138 0013 8000", "＊＊＊ ＊＊＊＊ ＊＊＊＊"),
        ("身份证 11010119900307123X", "身份证 ＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊X"), ("号牌浙A12345", "号牌浙A＊＊＊＊＊"),
        ("浙A·D12345 左前门", "浙A·＊＊＊＊＊＊ 左前门"), ("１３８００１３８０００", "＊＊＊＊＊＊＊＊＊＊＊"),
        ("2023-05-01 换机油 5W-30", "2023-05-01 换机油 5W-30"), ("06K115562", "06K115562"), ("S2019M0075V", "S2019M0075V"),
        ("云A 是归属地", "云A 是归属地"), ("", ""),
    ])
    func `numbers that lead to a person are masked`(_ written: String, _ shown: String) {
        #expect(withoutPersonalNumbers(written) == shown)
    }
}
