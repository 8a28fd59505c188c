/// What drives a vehicle, by the names that the events of registration use (燃料种类 of the registration certificate,
/// grouped).
package enum VehicleEnergy: String, Sendable, Hashable, CaseIterable {
    case petrol
    case diesel
    case hybrid
    case plugInHybrid = "plug_in_hybrid"
    case rangeExtended = "range_extended"
    case battery
    case fuelCell = "fuel_cell"
    case gas
    case other
}
