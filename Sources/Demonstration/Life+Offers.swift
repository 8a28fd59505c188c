import Core

// How a dealer takes a car in, has it inspected, lists and sells it.

extension Life {
    mutating func tell(_ offer: Offer, number: Int) {
        let dealer = plan.dealer(on: offer.listedOn)
        let method = JSON.Member.text("method", random.pick(["diagnostic", "dashboard"]))
        report(.odometerRead, by: dealer, on: offer.takenInOn, .morning, [method])
        if plan.car.series.energy.hasTractionBattery {
            measureBattery(by: dealer, on: offer.takenInOn.adding(days: 1), .afternoon)
        }
        inspect(on: offer.listedOn.adding(days: -random.integer(2...5)))
        let listing = JSON.Member.text("listing", "CY\(plan.car.vin.suffix(8))-\(number)")
        let price = askingPriceYuan(on: offer.listedOn)
        report(.listed, by: dealer, on: offer.listedOn, .morning, [listing, .money("price", yuan: price)])
        if let soldOn = offer.soldOn { sell(by: dealer, listing, price * random.integer(95...99) / 100, on: soldOn) }
        if let returnedOn = offer.returnedOn {
            let reason = JSON.Member.text("reason", "买方在七天无理由退车期内退车")
            report(.saleReturned, by: dealer, on: returnedOn, .morning, [reason])
        }
    }

    private mutating func sell(
        by dealer: DemonstrationReporter,
        _ listing: JSON.Member,
        _ priceYuan: Int,
        on day: CalendarDate
    ) {
        let price = JSON.Member.money("price", yuan: priceYuan / 100 * 100)
        let contract = JSON.Member.text("contract_digest", random.digest())
        report(.saleContracted, by: dealer, on: day.adding(days: -4), .afternoon, [price, contract])
        let channel = JSON.Member.text("channel", "retail")
        report(.saleCompleted, by: dealer, on: day, .morning, [price, contract, channel])
        report(.unlisted, by: dealer, on: day, .afternoon, isRead: false, [listing, .text("reason", "sold")])
        if plan.label == .warrantyClaimed || random.chance(percent: 70) { warrant(by: dealer, contract, on: day) }
    }

    // MARK: Warranty

    private static let tiers: [(text: String, months: Int, km: Int)] = [
        ("三年或五万公里", 36, 50_000), ("一年或两万公里", 12, 20_000), ("三个月或五千公里", 3, 5000),
    ]

    /// The younger the car, the longer the warranty.
    private mutating func warrant(by dealer: DemonstrationReporter, _ contract: JSON.Member, on day: CalendarDate) {
        let tier = Life.tiers[min(2, plan.age(on: day) / (3 * 365))]
        let data: [JSON.Member] = [
            contract, .text("tier", tier.text), .day("valid_until", day.adding(months: tier.months)),
            .number("limit_odometer_km", mileage.shown(on: day) + tier.km),
        ]
        report(.warrantyIssued, by: dealer, on: day, .afternoon, data)
    }

    // MARK: Inspection

    private static let heads = [
        "structural_accident", "flood", "fire", "total_loss", "theft", "commercial_use", "open_recall", "mortgage",
        "odometer_altered",
    ]

    /// The inspector answers no to what the plan does not say, and now and then leaves a head open.
    private mutating func inspect(on day: CalendarDate) {
        let score = scoreTenths(on: day)
        var data: [JSON.Member] = [
            .number("grade", Life.grade(scoreTenths: score)), .number("score_tenths", score),
            .text("report_digest", random.digest()),
        ]
        for head in Life.heads {
            let usual = head == "fire" && random.chance(percent: 10) ? "not_known" : "no"
            data.append(.text(head, plan.heads[head] ?? usual))
        }
        report(.inspectedByPlatform, by: .platform, on: day, .morning, data)
    }

    private mutating func scoreTenths(on day: CalendarDate) -> Int {
        let wear = plan.age(on: day) / 365 * 26 + mileage.shown(on: day) / 10_000 * 9
        return max(240, 960 - wear - random.integer(0...60))
    }

    /// GB/T 30323-2013, grades one to four by the score; recalled from secondary sources, not read. Grade five, the
    /// accident car, is missing: whoever hides an accident hides it from the inspector too.
    private static func grade(scoreTenths: Int) -> Int {
        switch scoreTenths {
        case 900...: 1
        case 600..<900: 2
        case 200..<600: 3
        default: 4
        }
    }

    // MARK: Price

    /// What is left of the guide price after so many years, in per cent.
    private static let remainingPercent = [92, 80, 72, 64, 57, 51, 45, 39, 34, 29, 25, 21, 18]

    /// In whole hundreds of yuan.
    private func askingPriceYuan(on day: CalendarDate) -> Int {
        let years = min(plan.age(on: day) / 365, Life.remainingPercent.count - 1)
        let commercialPercent = plan.hasBeenCommercial(by: day) ? 82 : 100
        let yuan = plan.car.guidePriceYuan * Life.remainingPercent[years] / 100 * commercialPercent / 100
        return yuan / 100 * 100
    }
}
