import Tabular

/// The columns of stock systems that a listing has a place for, and where that is.
enum ListingFields {
    /// A field of `TableSchema.inventory`, and the member of a listing that it becomes. The others, such as the plate,
    /// are nobody's business: a fault in them fails no row, because they are not read.
    private static let table = """
        vin                 /vin
        external_ref        /stock/number
        make                /vehicle/make
        series              /vehicle/series
        model               /vehicle/model
        model_year          /vehicle/model_year
        first_registered_on /vehicle/first_registered_on
        transfer_count      /vehicle/transfer_count
        odometer_km         /odometer_km
        color               /vehicle/color
        interior_color      /vehicle/interior_color
        emission_stage      /vehicle/emission_stage
        gearbox             /vehicle/gearbox
        energy              /vehicle/energy
        displacement        /vehicle/displacement_ml
        seats               /vehicle/seats
        description         /text
        price               /price
        price_kind          /price/kind
        guide_price         /vehicle/guide_price
        location            /location
        stocked_on          /stock/since
        """

    static let pointers: [(field: String, pointer: String)] = table.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        return words.count == 2 ? (words[0], words[1]) : nil
    }

    static let names = Set(pointers.map(\.field))

    static let schema = TableSchema(
        TableSchema.inventory.fields.filter { names.contains($0.name) },
        ignoring: TableSchema.inventory.ignoredHeadings
    )

    /// The field that a member was read from: the one whose member is nearest above.
    static func field(at pointer: String) -> String? {
        let holding = pointers.filter { pointer == $0.pointer || pointer.hasPrefix($0.pointer + "/") }
        return holding.max { $0.pointer.utf8.count < $1.pointer.utf8.count }?.field
    }
}
