extension TableSchema {
    /// Longer names are slips of a column.
    private static let name = FieldKind.text(maximumLength: 100)
    private static let description = FieldKind.lines(maximumLength: 4_000)

    /// What used-car dealers' stock systems export. Only the VIN has to be there; what else a car needs, the listing
    /// says.
    ///
    /// Headings that mean several things are left out on purpose: 年份 (of the model, or of the registration), 保险到期
    /// (which insurance), 一口价 (a promise of what the price includes); so are those that are nobody else's business,
    /// such as 收购价, 底价 and 备注. The caller can map them. The headings are recalled from such exports, not read in
    /// a standard; there is none.
    package static let inventory = TableSchema(
        identity + registration + condition + offer,
        ignoring: FailedRows.headings
    )

    private static let identity = [
        TableField(
            "vin",
            .vin,
            zh: "车架号",
            en: "VIN",
            isRequired: true,
            headings: [
                "车架号", "车架号码", "车架号（VIN）", "VIN", "VIN码", "VIN号", "VIN号码", "VIN码（车架号）", "大架号", "17位车架号",
                "车辆识别代号", "车辆识别代码", "车辆识别码", "车辆识别号", "车辆识别代号（VIN）", "车辆识别代号/车架号", "车辆识别代码（VIN）",
            ]
        ),
        TableField(
            "external_ref",
            .text(maximumLength: 64),
            zh: "库存编号",
            en: "Stock number",
            headings: ["库存编号", "库存号", "车辆编号", "车源编号", "车源号", "内部编号", "自编号", "Stock No"]
        ),
        TableField("plate", .plate, zh: "车牌号", en: "Plate", headings: ["车牌号", "车牌", "车牌号码", "号牌号码", "牌照号", "牌照号码"]),
        TableField("make", name, zh: "品牌", en: "Make", headings: ["品牌", "车辆品牌", "汽车品牌", "品牌名称", "厂牌"]),
        TableField("series", name, zh: "车系", en: "Series", headings: ["车系", "车系名称", "车辆车系"]),
        TableField("model", name, zh: "车型", en: "Model", headings: ["车型", "车型名称", "车款", "款型", "车辆车型", "具体车型"]),
        TableField(
            "model_year",
            .count(1950...2100, words: ["年款", "款", "年"]),
            zh: "年款",
            en: "Model year",
            headings: ["年款", "车型年款", "车款年份"]
        ),
    ]

    private static let registration = [
        TableField(
            "first_registered_on",
            .date,
            zh: "首次上牌日期",
            en: "First registration",
            headings: [
                "上牌日期", "上牌时间", "上牌年月", "首次上牌", "首次上牌日期", "首次上牌时间", "初次上牌", "初次上牌日期", "初次上牌时间", "初登日期",
                "初次登记日期", "首次登记日期", "注册日期", "初次注册日期", "注册登记日期",
            ]
        ),
        TableField(
            "manufactured_on",
            .date,
            zh: "出厂日期",
            en: "Built",
            headings: ["出厂日期", "出厂时间", "出厂年月", "生产日期", "制造日期"]
        ),
        TableField(
            "plate_region",
            name,
            zh: "牌照归属地",
            en: "Plate region",
            headings: ["牌照归属地", "牌照所在地", "车牌所在地", "上牌地", "上牌城市", "归属地"]
        ),
        TableField(
            "transfer_count",
            .count(0...99, words: ["次过户", "次", "手"]),
            zh: "过户次数",
            en: "Transfers",
            headings: ["过户次数", "过户", "转手次数", "历史过户次数"]
        ),
        TableField("use", name, zh: "使用性质", en: "Use", headings: ["使用性质", "车辆性质", "使用类型", "车辆用途"]),
        TableField(
            "inspection_valid_until",
            .date,
            zh: "年检到期",
            en: "Inspection valid until",
            headings: [
                "年检到期", "年检到期日", "年检到期日期", "年检到期时间", "年检有效期", "年检有效期至", "年审到期", "年审到期时间", "年审有效期", "检验有效期",
                "检验有效期至", "检验有效期止",
            ]
        ),
        TableField(
            "compulsory_insurance_until",
            .date,
            zh: "交强险到期",
            en: "Compulsory insurance until",
            headings: ["交强险到期", "交强险到期日", "交强险到期日期", "交强险到期时间", "交强险有效期", "交强险有效期至", "强险到期", "强险到期时间"]
        ),
        TableField(
            "commercial_insurance_until",
            .date,
            zh: "商业险到期",
            en: "Commercial insurance until",
            headings: ["商业险到期", "商业险到期日", "商业险到期日期", "商业险到期时间", "商业险有效期", "商业险有效期至"]
        ),
    ]

    private static let condition = [
        TableField(
            "odometer_km",
            .distance,
            zh: "表显里程",
            en: "Odometer",
            headings: ["表显里程", "里程", "里程数", "行驶里程", "已行驶里程", "表显里程数", "表显公里数", "公里数", "行驶公里数", "行驶里程数", "表里程"]
        ),
        TableField("color", name, zh: "车身颜色", en: "Colour", headings: ["颜色", "车身颜色", "外观颜色", "车辆颜色", "外观色", "外饰颜色"]),
        TableField("interior_color", name, zh: "内饰颜色", en: "Interior colour", headings: ["内饰颜色", "内饰色"]),
        TableField(
            "emission_stage",
            name,
            zh: "排放标准",
            en: "Emission standard",
            headings: ["排放标准", "排放", "环保标准", "排放等级", "排放阶段"]
        ),
        TableField(
            "gearbox",
            name,
            zh: "变速箱",
            en: "Gearbox",
            headings: ["变速箱", "变速器", "变速箱类型", "变速箱形式", "变速器类型", "变速器形式"]
        ),
        TableField(
            "energy",
            name,
            zh: "燃料类型",
            en: "Energy",
            headings: ["燃料类型", "燃油类型", "能源类型", "燃料", "能源", "动力类型", "燃料种类", "能源种类", "燃料形式"]
        ),
        TableField(
            "displacement",
            name,
            zh: "排量",
            en: "Displacement",
            headings: ["排量", "排量（L）", "排量（升）", "排量（T/L）", "排量（ml）", "发动机排量"]
        ),
        TableField(
            "seats",
            .count(1...99, words: ["座", "人", "个"]),
            zh: "座位数",
            en: "Seats",
            headings: ["座位数", "座位", "座位数量", "座椅数", "核定载客", "核定载客人数"]
        ),
        TableField(
            "description",
            description,
            zh: "车况描述",
            en: "Description",
            headings: ["车况描述", "车辆描述", "描述", "车况说明", "卖点", "车源描述"]
        ),
    ]

    private static let offer = [
        TableField(
            "price",
            .money,
            zh: "售价",
            en: "Price",
            headings: [
                "报价", "售价", "标价", "零售价", "零售报价", "销售价", "销售价格", "销售报价", "展厅价", "展厅报价", "挂牌价", "车价", "价格", "对外报价",
                "线上报价",
                "二手车报价",
            ]
        ),
        TableField("price_kind", name, zh: "价格类型", en: "Kind of price", headings: ["价格类型", "报价类型", "售价类型", "定价方式"]),
        TableField(
            "guide_price",
            .money,
            zh: "新车指导价",
            en: "Guide price",
            headings: ["新车指导价", "指导价", "厂商指导价", "厂家指导价", "官方指导价"]
        ),
        TableField(
            "location",
            name,
            zh: "所在地",
            en: "Location",
            headings: ["所在地", "车辆所在地", "所在城市", "车辆所在城市", "城市", "车源地", "车源所在地", "看车地点"]
        ),
        TableField("stocked_on", .date, zh: "入库日期", en: "In stock since", headings: ["入库日期", "入库时间", "收车日期", "收车时间"]),
    ]
}

/// The columns that an answer adds to the rows it gives back.
package enum FailedRows {
    package static let headings = ["原行号", "错误说明"]
}
