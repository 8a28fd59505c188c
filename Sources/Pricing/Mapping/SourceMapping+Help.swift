extension SourceMapping {
    /// What a person has to know to write a mapping.
    package static let help = """
        A mapping is a small YAML file:

          format: chexin-pricing-mapping/1
          source: my-market
          currency: CNY                                   # amounts are kept in hundredths of it
          kind: retail                                    # retail, asking, auction, wholesale, trade_in, private
          price: {column: price_wan, unit: wan}           # unit: unit (or yuan), thousand, wan, cent
          sold_on: trade_date                             # or {constant: "2024-06"}
          vehicle: [vin]                                  # the columns that tell a vehicle from all others
          brand: make                                     # a column, or a list of columns that belong together
          series: model
          engine: [displacement, fuel, gearbox]           # what drives it: wider than the trim
          trim: [trim, gearbox]                           # as narrow as the source can tell
          model_year: year
          registered_on: {column: reg, date_order: dmy}   # a day, a month or a year; order dmy or mdy for 31/12/2020
          odometer: {column: miles, unit: mi}             # km, mi, wan_km
          new_price: {column: msrp, unit: wan, purchase_tax: included}
          market_value: guide                             # somebody else's valuation of this very car
          energy: {column: fuel, values: {Benzin: petrol, "*": other}}
          transfers: owners
          texts: {city: town, colour: color, seller: dealer, vin_stem: {column: vin, first: 8}}
          numbers: {displacement: cc, condition: {column: grade, scales: [{at_least: 10, divide_by: 10}]}}

        Only format, source, kind, price, sold_on and vehicle are needed; built_on, condition_score, condition_grade and
        use may be given. Give what the source has: texts and numbers may have any name. Energies are petrol, diesel,
        hybrid, plug_in_hybrid, range_extended, electric and other.
        """
}
