import Core
import Cryptography
import History
import Support
import Testing

@testable import Listings

/// What may be offered. Rows of events and of content, and the faults that come of them.
@Suite struct ListingRulesTests {
    private static let now = Instant(milliseconds: 1_790_000_000_000)

    /// On the day that the content names.
    private static let registeredAt = Instant(rfc3339: "2021-05-08T02:00:00.000Z")!

    /// Each by a short name, in the order in which they happened.
    private static let events: [String: (kind: VehicleEventKind, data: JSON)] = [
        "structural": (.accidentReported, ["structural": "yes"]),
        "scratch": (.accidentReported, ["structural": "no"]),
        "flood": (.floodReported, [:]),
        "fire": (.insuranceClaimed, ["peril": "fire"]),
        "total_loss": (.insuranceTotalLoss, ["peril": "collision"]),
        "stolen": (.theftReported, ["status": "stolen"]),
        "recovered": (.theftReported, ["status": "recovered"]),
        "mortgage": (.mortgageRegistered, ["mortgage_ref": "M1"]),
        "released": (.mortgageReleased, ["mortgage_ref": "M1"]),
        "recall": (.recallAnnounced, ["campaign": "S2024M1"]),
        "remedied": (.recallDone, ["campaign": "S2024M1"]),
        "scrapped": (.scrapped, [:]),
        "exported": (.exportDone, [:]),
        "taxi": (.vehicleRegistered, ["use": "taxi"]),
        "private": (.vehicleRegistered, ["use": "private"]),
        "transfer": (.ownershipTransferred, [:]),
        "km80000": (.odometerRead, ["odometer_km": 80_000]),
        "km30000": (.odometerRead, ["odometer_km": 30_000]),
        "other_vin": (.inspectionStatutory, ["result": "failed", "vin_matches": "no"]),
        "same_vin": (.inspectionPlatform, ["vin_matches": "yes"]),
        "as_offered": (.vehicleRegistered, ["make": "比亚迪汽车", "energy": "plug_in_hybrid"]),
        "other_make": (.vehicleRegistered, ["make": "大众"]),
        "petrol": (.vehicleRegistered, ["energy": "petrol"]),
        "unknown_energy": (.vehicleRegistered, ["energy": "not_known"]),
    ]

    private static func facts(_ names: String) -> RecordedFacts {
        let names = names == "-" ? [] : names.split(separator: " ").map(String.init)
        let entries = names.enumerated().compactMap { index, name -> RecordedEvent? in
            guard let event = events[name] else {
                Issue.record("no event \(name)")
                return nil
            }
            let isRegistration = event.kind == .vehicleRegistered
            let at =
                isRegistration ? registeredAt : Instant(milliseconds: 1_700_000_000_000 + Int64(index) * 86_400_000)
            return RecordedEvent(
                seq: Int64(index),
                hash: SHA256.hash([UInt8(index)]),
                kind: event.kind,
                occurredAt: at,
                recordedAt: at,
                source: "org_source",
                ref: "r\(index)",
                data: event.data
            )
        }
        return RecordedFacts(Timeline(entries), asOf: now)
    }

    private static func content(_ changes: JSON = [:]) throws -> ListingContent {
        let answers = Disclosure.allCases.map { JSON.Member($0.rawValue, "no") }
        let base: JSON = [
            "title": "2021 款 秦 PLUS", "odometer_km": 80_000, "disclosures": .object(answers),
            "price": ["kind": "asking", "amount": 8_800_000, "currency": "CNY"],
            "vehicle": ["make": "比亚迪", "series": "秦", "energy": "plug_in_hybrid", "first_registered_on": "2021-05-08"],
            "location": ["province": "CN-ZJ", "city": "杭州"],
        ]
        var first = try ObjectReader(base)
        let content = try #require(ListingContent(&first))
        var reader = try ObjectReader(content.merged(with: changes))
        let changed = ListingContent(&reader)
        try reader.faults.throwIfAny()
        return try #require(changed)
    }

    private static func codes(_ faults: [Fault]) -> [String] {
        faults.map { "\($0.pointer) \($0.code)" }
    }

    // MARK: What it is

    private static let details: [(change: JSON, pointer: String)] = [
        (["vehicle": ["make": .null]], "/vehicle/make"), (["vehicle": ["series": .null]], "/vehicle/series"),
        (["vehicle": ["energy": .null]], "/vehicle/energy"),
        (["vehicle": ["first_registered_on": .null]], "/vehicle/first_registered_on"),
        (["location": .null], "/location"),
    ]

    @Test(arguments: details)
    func `what buyers search by is there before a car is offered`(change: JSON, pointer: String) throws {
        let faults = ListingRules.faults(try Self.content(change), Self.facts("-"))
        #expect(Self.codes(faults) == ["\(pointer) required"])
    }

    // MARK: The car

    private static let cars = TextTable(
        """
        events              | faults
        -                   |
        scratch private     |
        km80000             |
        stolen recovered    |
        mortgage released   |
        recall remedied     |
        stolen              | /vin not_tradable
        scrapped            | /vin not_tradable
        exported            | /vin not_tradable
        other_vin           | /vin not_tradable
        other_vin same_vin  |
        same_vin other_vin  | /vin not_tradable
        mortgage            | /mortgage_consent mortgage_without_consent, /disclosures/mortgaged contradicts_history
        recall              | /recall_notice recall_undisclosed
        structural          | /disclosures/accident contradicts_history
        fire                | /disclosures/accident contradicts_history
        total_loss          | /disclosures/accident contradicts_history
        flood               | /disclosures/flood contradicts_history
        taxi                | /disclosures/commercial_use contradicts_history
        """
    )

    @Test(arguments: cars.rows)
    func `a clean sheet is refused over what the records prove`(row: TextTable.Row) throws {
        let faults = ListingRules.faults(try Self.content(), Self.facts(row["events"]))
        #expect(Self.codes(faults) == row["faults"].split(separator: ", ").map(String.init))
        for fault in faults {
            // Each names where its rule comes from, and when it happened.
            #expect(fault.detail.zh.contains("第") || fault.detail.zh.contains("平台规则"), "\(fault.detail.zh)")
            #expect(
                fault.detail.zh.contains("2023-11-") || fault.detail.zh.contains("2021-05-08"),
                "\(fault.detail.zh)"
            )
            #expect(fault.detail.en.contains("article") || fault.detail.en.lowercased().contains("platform rule"))
        }
    }

    private static let registrations = TextTable(
        """
        events         | change                                          | pointer
        as_offered     | {}                                              | -
        other_make     | {}                                              | /vehicle/make
        other_make     | {"make": "上汽 大众"}                              | -
        as_offered     | {"make": "BYD"}                                 | /vehicle/make
        petrol         | {}                                              | /vehicle/energy
        petrol         | {"energy": "petrol"}                            | -
        unknown_energy | {}                                              | -
        private        | {"first_registered_on": "2022-05-08"}           | /vehicle/first_registered_on
        km80000        | {"first_registered_on": "2022-05-08"}           | -
        """
    )

    @Test(arguments: registrations.rows)
    func `what the registration says is what is offered`(row: TextTable.Row) throws {
        let change = try JSONParser.parse(Array(row["change"].utf8))
        let faults = ListingRules.faults(try Self.content(["vehicle": change]), Self.facts(row["events"]))
        #expect(Self.codes(faults) == (row["pointer"] == "-" ? [] : ["\(row["pointer"]) contradicts_history"]))
        for fault in faults { #expect(fault.detail.zh.contains("平台规则") && fault.detail.en.contains("platform rule")) }
    }

    private static let disclosed = TextTable(
        """
        events      | member           | value
        structural  | accident         | yes
        flood       | flood            | yes
        taxi        | commercial_use   | yes
        structural  | accident         | not_known
        """
    )

    @Test(arguments: disclosed.rows)
    func `what is disclosed, or said not to be known, does not contradict the records`(row: TextTable.Row) throws {
        let answers = JSON.object([.init(row["member"], JSON(row["value"]))])
        let content = try Self.content(["disclosures": answers])
        #expect(ListingRules.faults(content, Self.facts(row["events"])) == [])
    }

    @Test func `a recall and a mortgage may be offered once they are told of`() throws {
        let content = try Self.content([
            "recall_notice": "召回已预约处理", "mortgage_consent": "某银行同意出售函 2026-11", "disclosures": ["mortgaged": "yes"],
        ])
        #expect(ListingRules.faults(content, Self.facts("recall mortgage")) == [])
    }

    @Test func `fewer kilometres than were recorded are refused unless they are owned up to`() throws {
        let content = try Self.content(["odometer_km": 79_999])
        #expect(Self.codes(ListingRules.faults(content, Self.facts("km80000"))) == ["/odometer_km contradicts_history"])
        let honest = try Self.content(["odometer_km": 79_999, "disclosures": ["odometer_altered": "yes"]])
        #expect(ListingRules.faults(honest, Self.facts("km80000")) == [])
        let rolled = ListingRules.faults(try Self.content(), Self.facts("km80000 km30000"))
        #expect(Self.codes(rolled) == ["/disclosures/odometer_altered contradicts_history"])
    }

    // MARK: The nine heads

    @Test(arguments: Disclosure.allCases)
    func `an answer that is missing is asked for`(disclosure: Disclosure) throws {
        let content = try Self.content(["disclosures": .object([.init(disclosure.rawValue, .null)])])
        let faults = ListingRules.faults(content, Self.facts("-"))
        #expect(Self.codes(faults) == ["/disclosures/\(disclosure.rawValue) required"])
    }

    @Test func `there are nine, and none reads as clean where it is not known`() {
        #expect(Disclosure.allCases.count == 9)
        for disclosure in Disclosure.allCases {
            #expect(disclosure.sentence(.notKnown).zh.hasSuffix("不清楚，不能当作没有"))
            #expect(disclosure.sentence(.notKnown).en.hasSuffix("not known, which is not a no"))
        }
    }

    // MARK: What the text claims

    private static let claims = TextTable(
        """
        text                              | events      | faults
        全程4S保养，车况精品                   | structural  |
        精品车况，无事故                       | scratch     |
        精品车况，无 事 故！                    | structural  | /text contradicts_history
        原版原漆 ０事故                        | structural  | /text contradicts_history
        Accident-free, one owner          | structural  | /text contradicts_history
        绝无泡水                             | flood       | /text contradicts_history
        无火烧                              | fire        | /text contradicts_history
        实表，支持查验                         | km80000     |
        公里数真实                            | km80000 km30000 | /text contradicts_history
        非营运，个人一手车                       | taxi        | /text contradicts_history
        个人一手车                            | transfer    | /text contradicts_history
        个人一手车                            | private     |
        """
    )

    @Test(arguments: claims.rows)
    func `a text that contradicts the records is refused`(row: TextTable.Row) throws {
        // Owned up to where the records prove it, so that the text alone is in question.
        let answers: JSON = [
            "accident": "not_known", "flood": "not_known", "odometer_altered": "not_known",
            "commercial_use": "not_known",
        ]
        let facts = Self.facts(row["events"])
        let asProven = try Self.content(["text": JSON(row["text"]), "disclosures": answers])
        let faults = ListingRules.faults(asProven, facts).filter { $0.code == "contradicts_history" }
        #expect(Self.codes(faults) == row["faults"].split(separator: ", ").map(String.init))
    }

    @Test func `what the seller does not know he may not deny in the text`() throws {
        let text: JSON = ["title": "无事故精品", "text": "无泡水", "disclosures": ["accident": "not_known", "flood": "yes"]]
        let faults = ListingRules.faults(try Self.content(text), Self.facts("-"))
        #expect(Self.codes(faults) == ["/title contradicts_disclosure", "/text contradicts_disclosure"])
        #expect(faults.first?.detail.zh.contains("不清楚不能写成没有") == true)
        let denied = try Self.content(["title": "无事故精品", "text": "无泡水"])
        #expect(ListingRules.faults(denied, Self.facts("-")) == [])
    }
}
