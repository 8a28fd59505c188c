package import Core

/// What is known of a car when its price is asked for. Everything may be missing; what is missing costs confidence, and
/// the estimate says so.
///
/// Names of brand, series and trim are compared after folding (`FactText.folded`), so that width, case and blanks do
/// not part what is the same.
package struct CarFacts: Sendable, Hashable {
    package var brand: String?
    package var series: String?
    /// The exact trim, as narrow as the source names it. Two cars of one trim leave the factory alike.
    package var trim: String?
    /// What drives it and how, such as `2.0 petrol automatic`: wider than the trim.
    package var engine: String?
    package var modelYear: Int?
    /// First registration; the middle of the month or year where no day is known.
    package var registeredOn: CalendarDate?
    package var builtOn: CalendarDate?
    package var odometerKm: Int64?
    package var newPrice: NewPrice?
    /// A published valuation of this very car by somebody else, in fen; one input of many where a rule set reads it.
    package var marketValueFen: Int64?
    package var energy: Energy?
    package var transfers: Int64?
    package var condition: ConditionFacts = ConditionFacts()
    package var battery: BatteryHealth?
    package var options: [FittedOption] = []
    package var use: VehicleUse?
    /// What the ledger found out.
    package var findings: Set<HistoryFinding> = []
    /// Everything else that has a name: `city`, `region`, `colour`, `gearbox`, `drive`, `body`, `segment`, `emission`,
    /// `seller`, or what a mapping calls it.
    package var texts: [String: String] = [:]
    /// Everything else that is counted or measured, in thousandths: `displacement`, `power`, `wheelbase`, `seats`.
    package var numbers: [String: Int64] = [:]

    package init() {}
}

/// What the car cost when it was new.
package struct NewPrice: Sendable, Hashable {
    package enum Origin: String, Sendable, Hashable, CaseIterable {
        /// A catalogue that the platform imported.
        case catalogue
        /// Whoever asks for the estimate says so. The estimate carries a warning.
        case caller
        /// The record of a sale.
        case sale
    }

    package let fen: Int64
    package let includesPurchaseTax: Bool
    package let origin: Origin

    package init(fen: Int64, includesPurchaseTax: Bool = false, origin: Origin) {
        self.fen = fen
        self.includesPurchaseTax = includesPurchaseTax
        self.origin = origin
    }
}

/// What drives the car: the curves of depreciation differ.
package enum Energy: String, Sendable, Hashable, CaseIterable {
    case petrol
    case diesel
    case hybrid
    case plugInHybrid = "plug_in_hybrid"
    case rangeExtended = "range_extended"
    case electric
    case other
}

package struct ConditionFacts: Sendable, Hashable {
    /// Of GB/T 30323, 0 to 100.
    package var score: Int64?
    /// Of GB/T 30323, 1 (best) to 5.
    package var grade: Int64?
    package var damages: Set<SevereDamage> = []

    package init(score: Int64? = nil, grade: Int64? = nil, damages: Set<SevereDamage> = []) {
        self.score = score
        self.grade = grade
        self.damages = damages
    }
}

/// Damage after which a car has no retail price.
package enum SevereDamage: String, Sendable, Hashable, CaseIterable {
    case structuralAccident = "structural_accident"
    case flood
    case fire
}

/// A battery's state of health counts only when somebody measured it, somehow, some day.
package struct BatteryHealth: Sendable, Hashable {
    package let stateOfHealthPermille: Int64
    package let method: String?
    package let measuredOn: CalendarDate?
    package let tester: String?

    package init(stateOfHealthPermille: Int64, method: String?, measuredOn: CalendarDate?, tester: String?) {
        self.stateOfHealthPermille = stateOfHealthPermille
        self.method = method
        self.measuredOn = measuredOn
        self.tester = tester
    }

    package var isMeasured: Bool {
        measuredOn != nil && method?.isEmpty == false && tester?.isEmpty == false
    }
}

/// An option beyond the trim's own equipment, and what it cost new.
package struct FittedOption: Sendable, Hashable {
    package let name: String
    package let newPriceFen: Int64

    package init(name: String, newPriceFen: Int64) {
        self.name = name
        self.newPriceFen = newPriceFen
    }
}

package enum VehicleUse: String, Sendable, Hashable, CaseIterable {
    case personal
    case company
    case rental
    case commercial
}

/// What the ledger's findings mean for a price.
package enum HistoryFinding: String, Sendable, Hashable, CaseIterable {
    /// The odometer fell.
    case odometerRollback = "odometer_rollback"
    case unexplainedGap = "unexplained_gap"
    case severeDamageReported = "severe_damage_reported"
    case contradictoryReports = "contradictory_reports"
}
