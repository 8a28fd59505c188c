import Core

extension BaseModel {
    /// Tables of two inputs. Trims that cost alike when new stay alike within their series: most trims have a handful
    /// of sales, and this is what they borrow from. What a city, a colour or a gearbox is worth differs between cheap
    /// cars and dear ones.
    mutating func addGrids() {
        guard let bands = columns.newPriceBands, bands.edges.count > 1 else { return }
        let prices = Side(input: Input.newPriceFen, column: bands)
        let series = Side(input: Input.series, column: columns.series)
        let brands = Side(input: Input.brand, column: columns.brand)
        addGrid(series, prices, .model, ("车系与新车价位", "series by price when new"), shrinkage: 0.25)
        addGrid(brands, prices, .model, ("品牌与新车价位", "brand by price when new"), shrinkage: 1.5)
        for (name, column) in columns.texts {
            let words = InputWords.name(name)
            let title = ("\(words.zh)与新车价位", "\(words.en) by price when new")
            addGrid(prices, Side(input: name, column: column), .equipment, title, shrinkage: 20)
        }
    }

    /// One of a table's two inputs: the cell of every sale.
    private struct Side {
        let axis: Axis
        let codes: [Int32]

        init(input: String, column: LabelColumn) {
            axis = Axis(input: input, cells: .labels(column.names))
            codes = column.codes
        }

        init(input: String, column: BinnedColumn) {
            axis = Axis(input: input, cells: .edges(column.edges))
            codes = column.codes
        }
    }

    private mutating func addGrid(
        _ rows: Side,
        _ columns: Side,
        _ group: LineGroup,
        _ title: (zh: String, en: String),
        shrinkage: Double
    ) {
        guard rows.axis.count > 2 else { return }
        let width = Int32(columns.axis.count)
        let codes = zip(rows.codes, columns.codes).map { $0 * width + $1 }
        let count = rows.axis.count * columns.axis.count
        add(.init(codes: codes, count: count, factor: nil, shrinkage: shrinkage)) { values in
            [
                Rule(
                    id: "grid.\(rows.axis.input).\(columns.axis.input)",
                    group: group,
                    title: LocalizedText(zh: title.zh, en: title.en),
                    source: BaseModel.source,
                    kind: .table([rows.axis, columns.axis], values: values.map(Written.log))
                )
            ]
        }
    }
}
