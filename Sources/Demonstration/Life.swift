import Core

/// When in the day something happens. What follows on the same day comes in a later part of it.
enum Hours {
    case morning
    case afternoon
    /// Outside office hours too.
    case anytime

    /// Minutes after midnight.
    var minutes: ClosedRange<Int> {
        switch self {
        case .morning: 510...715
        case .afternoon: 810...1075
        case .anytime: 420...1310
        }
    }
}

/// Tells the life of one car, subject by subject, and puts it in order at the end.
struct Life {
    let plan: LifePlan
    let mileage: Mileage
    var random: SeededRandom
    private(set) var drafts: [Draft] = []
    private var later: [Later] = []

    /// An event without its place in the car's life.
    struct Draft {
        let reporter: DemonstrationReporter
        let kind: Kind
        let day: CalendarDate
        let occurredAt: Instant
        var data: [JSON.Member]
    }

    private struct Later {
        let draft: Draft
        /// Which draft it corrects or retracts.
        let target: Int?
    }

    init(_ plan: LifePlan, using random: SeededRandom) {
        self.plan = plan
        self.random = random
        mileage = Mileage(
            from: plan.registeredOn,
            through: plan.lastDay,
            annualKm: plan.annualKm,
            changes: plan.mileageChanges,
            dialKm: plan.dialKm,
            using: &self.random
        )
    }

    mutating func live() {
        register()
        borrow()
        changeHands()
        passStatutoryInspections()
        beServiced()
        wearOut()
        haveMishaps()
        beRecalled()
        measureBattery()
        for number in plan.offers.indices { tell(plan.offers[number], number: number + 1) }
        tellLabel()
    }

    // MARK: Reporting

    /// Adds an event, unless its day is one of which nothing is told.
    ///
    /// - Parameter isRead: whether the reporter read the odometer.
    /// - Returns: which draft it is, for a correction to point at.
    @discardableResult
    mutating func report(
        _ kind: Kind,
        by reporter: DemonstrationReporter,
        on day: CalendarDate,
        _ hours: Hours,
        isRead: Bool = true,
        _ data: [JSON.Member]
    ) -> Int? {
        let draft = draft(kind, by: reporter, on: day, hours, isRead: isRead, data)
        guard plan.isTold(day) else { return nil }
        drafts.append(draft)
        return drafts.count - 1
    }

    /// Adds an event that is sent when everything else is recorded.
    mutating func reportLater(
        _ kind: Kind,
        by reporter: DemonstrationReporter,
        on day: CalendarDate,
        about target: Int?,
        isRead: Bool = false,
        _ data: [JSON.Member]
    ) {
        let draft = draft(kind, by: reporter, on: day, .afternoon, isRead: isRead, data)
        later.append(Later(draft: draft, target: target))
    }

    private mutating func draft(
        _ kind: Kind,
        by reporter: DemonstrationReporter,
        on day: CalendarDate,
        _ hours: Hours,
        isRead: Bool,
        _ data: [JSON.Member]
    ) -> Draft {
        let seconds = random.integer(hours.minutes) * 60 + random.integer(0...59)
        return Draft(
            reporter: reporter,
            kind: kind,
            day: day,
            occurredAt: day.startInChina.adding(seconds: Int64(seconds)),
            data: isRead ? data + [.reading(mileage.shown(on: day))] : data
        )
    }

    /// Makes a draft say another odometer reading.
    mutating func misread(_ index: Int, as km: Int) {
        drafts[index].data = drafts[index].data.map { $0.name == "odometer_km" ? .reading(km) : $0 }
    }

    /// Takes away what chance put on a day that belongs to the story.
    mutating func clear(_ day: CalendarDate) {
        drafts.removeAll { $0.day == day }
    }

    /// A workshop of the place; most owners go to the same one.
    mutating func workshop(on day: CalendarDate) -> DemonstrationReporter {
        let choice = random.chance(percent: 80) ? plan.insurer % Region.workshopsPerHub : random.integer(0...1)
        return DemonstrationReporter(.workshop, plan.region(on: day).hub * Region.workshopsPerHub + choice)
    }

    /// What work on this car costs, where an ordinary car of 150,000 yuan costs `yuan`.
    func cost(yuan: Int) -> Int {
        yuan * min(250, max(60, plan.car.guidePriceYuan / 1500)) / 100
    }

    // MARK: The whole

    func vehicle() -> DemonstrationVehicle {
        let order = drafts.indices.sorted { (drafts[$0].occurredAt, $0) < (drafts[$1].occurredAt, $1) }
        var refs = Array(repeating: "", count: drafts.count)
        for (place, index) in order.enumerated() { refs[index] = ref(place + 1) }
        let followUps = later.enumerated().map { place, later in
            DemonstrationFollowUp(
                event: event(later.draft, ref: ref(drafts.count + place + 1)),
                correctsRef: later.target.map { refs[$0] }
            )
        }
        return DemonstrationVehicle(
            vin: plan.car.vin,
            label: plan.label,
            events: order.map { event(drafts[$0], ref: refs[$0]) },
            followUps: followUps
        )
    }

    private func ref(_ number: Int) -> String {
        "\(plan.car.vin)-\(String(decoding: VehicleNumber.digits(number, count: 4), as: UTF8.self))"
    }

    private func event(_ draft: Draft, ref: String) -> DemonstrationEvent {
        DemonstrationEvent(
            reporter: draft.reporter,
            vin: plan.car.vin,
            kind: draft.kind.rawValue,
            occurredAt: draft.occurredAt,
            ref: ref,
            data: .object(draft.data)
        )
    }
}
