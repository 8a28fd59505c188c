import Core

// What the registration office knows: who owns the car, where, and whether it may still be driven.

extension Life {
    mutating func register() {
        let car = plan.car
        var data: [JSON.Member] = [
            .text("make", car.series.make), .text("series", car.series.name), .text("model", car.model),
            .number("model_year", car.modelYear), .text("energy", car.series.energy.rawValue),
            .text("emission_stage", car.series.energy.emissionStage(registeredOn: plan.registeredOn)),
        ]
        if car.series.energy.isCombustion { data.append(.number("displacement_ml", car.series.displacementMl)) }
        data += [
            .number("seats", car.series.seats), .text("color", car.color),
            .money("guide_price", yuan: car.guidePriceYuan), .text("use", plan.use.rawValue),
            .text("plate_region", plan.home.plate),
        ]
        let centre = plan.registrationCentre(on: plan.registeredOn)
        report(.registered, by: centre, on: plan.registeredOn, .morning, data)
    }

    mutating func changeHands() {
        for (index, transfer) in plan.transfers.enumerated() {
            let centre = DemonstrationReporter(.authority, transfer.region.hub)
            let data: [JSON.Member] = [
                .text("from_owner", transfer.from), .text("to_owner", transfer.to),
                .number("transfer_count", index + 1), .text("use", transfer.use.rawValue),
                .text("plate_region", transfer.region.plate),
            ]
            report(.transferred, by: centre, on: transfer.day, .morning, isRead: false, data)
            let before = plan.region(on: transfer.day.adding(days: -1))
            guard before != transfer.region else { continue }
            let plates: [JSON.Member] = [
                .text("plate_region", transfer.region.plate), .text("previous_plate_region", before.plate),
            ]
            report(.plateChanged, by: centre, on: transfer.day, .afternoon, isRead: false, plates)
        }
    }

    // MARK: Loan

    private static let loanDays = [730, 1095]

    /// A loan from the purchase, released when it is paid off, and before anybody else may have the car.
    mutating func borrow() {
        guard plan.hasLoan else { return }
        let number = "DY\(plan.car.vin.suffix(8))"
        let centre = plan.registrationCentre(on: plan.registeredOn)
        let mortgagedOn = plan.registeredOn.adding(days: random.integer(2...8))
        let data: [JSON.Member] = [
            .text("mortgage_ref", number), .text("mortgagee_kind", random.pick(["bank", "bank", "auto_finance"])),
        ]
        report(.mortgaged, by: centre, on: mortgagedOn, .afternoon, isRead: false, data)
        guard plan.label != .liveMortgage else { return }
        let paidOff = plan.registeredOn.adding(days: random.pick(Life.loanDays))
        let buyers = plan.transfers.map { $0.day.adding(days: -20) } + plan.offers.map { $0.takenInOn.adding(days: -5) }
        let released = buyers.reduce(paidOff, min)
        let releaser = plan.registrationCentre(on: released)
        report(.mortgageReleased, by: releaser, on: released, .morning, isRead: false, [.text("mortgage_ref", number)])
    }

    // MARK: Statutory inspection

    /// Every due date up to the end of the life, as months after the registration.
    mutating func passStatutoryInspections() {
        var month = 0
        var due = plan.registeredOn
        while due <= plan.lastDay {
            month += InspectionRules.interval(afterMonth: month, isCommercial: plan.hasBeenCommercial(by: due))
            due = plan.registeredOn.adding(months: month)
            passInspection(dueAt: month, on: due.adding(days: -random.integer(2...50)))
        }
    }

    private mutating func passInspection(dueAt month: Int, on day: CalendarDate) {
        let isCommercial = plan.hasBeenCommercial(by: day)
        let next = InspectionRules.interval(afterMonth: month, isCommercial: isCommercial)
        let validUntil = JSON.Member.day("valid_until", plan.registeredOn.adding(months: month + next))
        let centre = plan.registrationCentre(on: day)
        guard InspectionRules.isTested(atMonth: month, isCommercial: isCommercial, on: day) else {
            let data: [JSON.Member] = [
                .text("result", "passed"), validUntil, .text("emission_result", "not_tested"),
                .description("免于上线检测，核发检验标志"),
            ]
            report(.inspectedByLaw, by: centre, on: day, .morning, isRead: false, data)
            return
        }
        let emission = plan.car.series.energy.isCombustion ? "passed" : "not_tested"
        if random.chance(percent: 4) { failInspection(emission, on: day.adding(days: -random.integer(3...9))) }
        let data: [JSON.Member] = [
            .text("result", "passed"), validUntil, .text("emission_result", emission),
            .number("defects_minor", random.integer(0...2)), .number("defects_major", 0),
            .number("defects_dangerous", 0),
        ]
        report(.inspectedByLaw, by: centre, on: day, .morning, data)
    }

    private static let defects = ["右前轮制动力不合格", "远光光束照射位置偏移", "驻车制动力不足", "轮胎花纹深度不足"]

    private mutating func failInspection(_ emission: String, on day: CalendarDate) {
        let data: [JSON.Member] = [
            .text("result", "failed"), .text("emission_result", emission),
            .number("defects_minor", random.integer(0...2)), .number("defects_major", 1),
            .number("defects_dangerous", 0), .description(random.pick(Life.defects)),
        ]
        report(.inspectedByLaw, by: plan.registrationCentre(on: day), on: day, .morning, data)
    }
}

/// When small cars must be inspected: 道路交通安全法实施条例 art. 16, and the relief for private cars of 2014, 2020 and
/// 2022. Recalled, not read; for a story it is near enough, and nothing here decides about a real car.
private enum InspectionRules {
    private static let tenYears = 120

    static func interval(afterMonth month: Int, isCommercial: Bool) -> Int {
        if isCommercial { return month < 60 ? 12 : 6 }
        return month < tenYears ? 24 : 12
    }

    /// Private cars only fetch the mark in most years; nobody looks at the odometer then.
    static func isTested(atMonth month: Int, isCommercial: Bool, on day: CalendarDate) -> Bool {
        if isCommercial || month == 72 || month >= tenYears { return true }
        return month > 72 && day.year < 2022
    }
}
