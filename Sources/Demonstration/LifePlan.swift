import Core

/// The car itself.
struct Car {
    let vin: String
    let series: Series
    let modelYear: Int
    let trim: String
    let color: String
    let guidePriceYuan: Int
}

/// A change of hands at the registration centre.
struct Transfer {
    let day: CalendarDate
    let from: String
    let to: String
    let region: Region
    let use: Use
}

/// A dealer's offer: from taking the car in, through the listing, to the sale.
struct Offer {
    let listedOn: CalendarDate
    let soldOn: CalendarDate?
    var returnedOn: CalendarDate?

    /// The dealer has the car for this long before it is listed, in days.
    static let intakeDays = 9
    var takenInOn: CalendarDate { listedOn.adding(days: -Offer.intakeDays) }
}

/// What is settled about a life before it is told: who, when, how far, and what goes wrong.
struct LifePlan {
    let label: DemonstrationLabel
    let car: Car
    let registeredOn: CalendarDate
    let asOf: CalendarDate
    let home: Region
    let use: Use
    let annualKm: Int
    let serviceIntervalKm: Int
    /// Basis points of capacity that the battery loses in a year.
    let batteryFadePerYear: Int
    let insurer: Int

    /// Nothing is told after this day.
    var lastDay: CalendarDate
    /// When what the label says happens.
    var turningPoint: CalendarDate
    var transfers: [Transfer] = []
    var offers: [Offer] = []
    var mileageChanges: [(day: CalendarDate, change: Mileage.Change)] = []
    var dialKm: Int?
    /// Nobody reports anything on these days.
    var silence: ClosedRange<CalendarDate>?
    /// What platform inspections answer other than no.
    var heads: [String: String] = [:]
    var hasLoan = false
    var remediesRecalls = true

    /// The earliest registration that is told.
    static let firstDay = CalendarDate(daysSinceEpoch: 16_076)
    private static let electricServiceKm = [10_000, 20_000]
    private static let combustionServiceKm = [5000, 7500, 10_000, 10_000]

    init(
        _ label: DemonstrationLabel,
        seed: UInt64,
        index: Int,
        asOf: CalendarDate,
        using random: inout SeededRandom
    ) {
        let profile = Profile(of: label, using: &random)
        let oldest = asOf.daysSinceEpoch - LifePlan.firstDay.daysSinceEpoch
        let ageDays = random.integer(profile.ageDays.clamped(to: 0...max(0, oldest)))
        self.label = label
        self.asOf = asOf
        registeredOn = asOf.adding(days: -ageDays)
        lastDay = asOf.adding(days: -1)
        use = profile.use
        car = Car(for: profile, registeredOn: registeredOn, seed: seed, index: index, using: &random)
        home = Region.random(using: &random)
        annualKm = random.integer(profile.annualKm)
        serviceIntervalKm = random.pick(
            car.series.energy.isCombustion ? LifePlan.combustionServiceKm : LifePlan.electricServiceKm
        )
        batteryFadePerYear = random.integer(profile.batteryFadePerYear)
        insurer = random.integer(0...DemonstrationReporter.insurers - 1)
        turningPoint = registeredOn
        shape(using: &random)
        transfers.sort { $0.day < $1.day }
        mileageChanges.sort { $0.day < $1.day }
    }
}

extension Car {
    fileprivate init(
        for profile: Profile,
        registeredOn day: CalendarDate,
        seed: UInt64,
        index: Int,
        using random: inout SeededRandom
    ) {
        let (year, month, _) = day.components
        series = random.pick(Catalog.all.filter { profile.fits($0) && $0.modelYears.contains(year) })
        // A car of the year before is sold until spring.
        let isOldStock = month <= 3 && random.chance(percent: 50)
        modelYear = max(series.modelYears.lowerBound, isOldStock ? year - 1 : year)
        trim = random.pick(Catalog.trims)
        color = random.pick(Catalog.colors)
        // Guide prices end in 8 or 9 hundred yuan.
        guidePriceYuan = random.integer(series.guidePriceYuan) / 1000 * 1000 + random.pick([800, 900])
        // The step has no common divisor with the number of serials, so that no two cars of a fleet share one.
        var start = SeededRandom(seed: seed, stream: .max)
        let first = start.integer(0...VehicleNumber.serials - 1)
        let serial = (first + index * 7919) % VehicleNumber.serials
        vin = VehicleNumber.text(series, modelYear: modelYear, serial: serial)
    }

    var model: String { "\(modelYear)款 \(series.engine) \(trim)" }
}

// MARK: - What holds on a day

extension LifePlan {
    func isTold(_ day: CalendarDate) -> Bool {
        registeredOn <= day && day <= lastDay && silence?.contains(day) != true
    }

    func region(on day: CalendarDate) -> Region {
        transfers.last { $0.day <= day }?.region ?? home
    }

    func use(on day: CalendarDate) -> Use {
        transfers.last { $0.day <= day }?.use ?? use
    }

    /// Once commercial, always inspected as such.
    func hasBeenCommercial(by day: CalendarDate) -> Bool {
        use.isCommercial || transfers.contains { $0.day <= day && $0.use.isCommercial }
    }

    /// With a dealer, and not on the road.
    func isInStock(on day: CalendarDate) -> Bool {
        offers.contains { $0.takenInOn <= day && day < ($0.soldOn ?? asOf) }
    }

    /// A new owner takes another insurer.
    func insurer(on day: CalendarDate) -> DemonstrationReporter {
        let owners = transfers.count { $0.day <= day }
        return DemonstrationReporter(.insurer, (insurer + owners) % DemonstrationReporter.insurers)
    }

    func registrationCentre(on day: CalendarDate) -> DemonstrationReporter {
        DemonstrationReporter(.authority, region(on: day).hub)
    }

    func dealer(on day: CalendarDate) -> DemonstrationReporter {
        DemonstrationReporter(.dealer, region(on: day).hub)
    }

    func age(on day: CalendarDate) -> Int {
        max(0, day.daysSinceEpoch - registeredOn.daysSinceEpoch)
    }
}
