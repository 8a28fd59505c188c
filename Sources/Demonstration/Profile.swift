/// What a car must be for its label to make sense.
struct Profile {
    let ageDays: ClosedRange<Int>
    let use: Use
    let annualKm: ClosedRange<Int>
    let batteryFadePerYear: ClosedRange<Int>
    private let needs: Needs

    private enum Needs {
        case purpose(Purpose)
        case newEnergy
        case battery
    }

    func fits(_ series: Series) -> Bool {
        switch needs {
        case .purpose(let purpose): series.purposes.contains(purpose)
        case .newEnergy: series.energy.hasTractionBattery && series.purposes.contains(.family)
        case .battery: series.energy == .battery
        }
    }

    private init(
        _ needs: Needs,
        _ use: Use,
        ageDays: ClosedRange<Int>,
        annualKm: ClosedRange<Int>? = nil,
        batteryFadePerYear: ClosedRange<Int> = 130...195
    ) {
        self.needs = needs
        self.use = use
        self.ageDays = ageDays
        self.annualKm = annualKm ?? use.annualKm
        self.batteryFadePerYear = batteryFadePerYear
    }

    init(of label: DemonstrationLabel, using random: inout SeededRandom) {
        self =
            switch label {
            case .clean: Profile.household(500...4300, using: &random)
            case .cleanElectric: Profile(.newEnergy, .private, ageDays: 500...3600)
            case .declaredCommercial: Profile.commercial(using: &random)
            // Only a fall that pays is worth the fraud.
            case .odometerRollback: Profile(.family, ageDays: 1500...3200, annualKm: 22_000...30_000)
            // Old and driven enough to pass 100,000 km once, and not twice.
            case .odometerRollover: Profile(.van, ageDays: 2200...2900, annualKm: 21_000...23_000)
            case .odometerReplaced, .flood, .hiddenStructuralAccident, .totalLossRebuilt:
                Profile(.family, ageDays: 1300...3000)
            case .odometerTypo, .corrected, .retracted, .unregisteredModification:
                Profile(.family, ageDays: 1000...3000)
            case .batteryWorn: Profile(.battery, .private, ageDays: 2000...2700, batteryFadePerYear: 620...700)
            case .stolen, .stolenRecovered, .openRecall, .saleReturned: Profile(.family, ageDays: 900...2500)
            case .undisclosedRideHailing: Profile(.purpose(.rideHailing), .rideHailing, ageDays: 1100...1900)
            case .liveMortgage: Profile(.family, ageDays: 500...1000)
            // Eight years are 2,922 days.
            case .nearScrapTaxi: Profile(.purpose(.taxi), .taxi, ageDays: 2620...2890)
            case .scrapped: Profile(.purpose(.taxi), .taxi, ageDays: 2950...3250)
            case .exported: Profile(.family, ageDays: 800...2000)
            case .longGap: Profile(.family, ageDays: 2200...3200)
            case .lateAccident, .warrantyClaimed: Profile(.family, ageDays: 1300...2800)
            }
    }

    private init(_ purpose: Purpose, ageDays: ClosedRange<Int>, annualKm: ClosedRange<Int>? = nil) {
        self.init(.purpose(purpose), .private, ageDays: ageDays, annualKm: annualKm)
    }

    /// One in eight belongs to a company.
    private static func household(_ ageDays: ClosedRange<Int>, using random: inout SeededRandom) -> Profile {
        random.chance(percent: 12)
            ? Profile(.purpose(.company), .company, ageDays: ageDays)
            : Profile(.family, ageDays: ageDays)
    }

    private static func commercial(using random: inout SeededRandom) -> Profile {
        switch random.integer(0...3) {
        case 0: Profile(.purpose(.taxi), .taxi, ageDays: 400...2300)
        case 1: Profile(.purpose(.rental), .rental, ageDays: 400...2200)
        // Longer, and it would come near the mileage at which the state advises scrapping.
        default: Profile(.purpose(.rideHailing), .rideHailing, ageDays: 400...1900)
        }
    }
}
