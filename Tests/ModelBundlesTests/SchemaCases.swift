// Written by Tests/Scripts/make_schema_cases.py with jsonschema 4.26.0.
enum SchemaCases {
    /// What the files share; T stands for `tensor` and C for `choice` in `bases`.
    static let common = ##"""
        "version": "0.1.0", "monai_version": "1.4.0", "pytorch_version": "2.4.0", "numpy_version": "1.24.4",
        "changelog": {"0.1.0": "first"}, "task": "t", "description": "d", "authors": "a", "copyright": "c",
        "data_source": "s", "data_type": "nibabel", "image_classes": "i", "label_classes": "l", "pred_classes": "p",
        "intended_use": "u", "eval_metrics": {"dice": 0.9}, "references": ["r"]
        """##

    static let tensor = ##"""
        {"type": "image", "format": "raw", "num_channels": 1, "spatial_shape": [64, "16*n", "*"], "dtype": "float32",
        "value_range": [0, 1], "is_patch_data": true, "channel_def": {"0": "image"}}
        """##

    static let choice = ##"{"type": "array", "value_range": ["head", "pelvis"]}"##

    /// For each schema the rest of a file with every field that it describes.
    static let bases = ##"""
        meta_schema_20220324
          "optional_packages_version": {"nibabel": "5.2.1"}, "network_data_format": {"inputs": {"image": T, "label":
          T}, "outputs": {"pred": T}}
        meta_schema_20220729
          "optional_packages_version": {"nibabel": "5.2.1"}, "network_data_format": {"inputs": {"image": T, "label":
          T, "latent": T}, "outputs": {"pred": T, "latent": T}}
        meta_schema_20240725
          "required_packages_version": {"nibabel": "5.2.1"}, "supported_apps": {"x": "y"}, "network_data_format":
          {"inputs": {"any": T, "steps": 1}, "outputs": {"out": T}, "post_processed_outputs": {"mask": T}},
          "vae_data_format": {"inputs": {"any": T}, "outputs": {"out": T}}
        meta_schema_generator_20220718
          "optional_packages_version": {"nibabel": "5.2.1"}, "network_data_format": {"inputs": {"latent": T},
          "outputs": {"pred": T}}
        meta_schema_generator_ldm_20230507
          "optional_packages_version": {"nibabel": "5.2.1"}, "autoencoder_data_format": {"inputs": {"image": T},
          "outputs": {"pred": T}}, "generator_data_format": {"inputs": {"latent": T, "condition": T}, "outputs":
          {"pred": T}}
        meta_schema_generator_ldm_20240318
          "optional_packages_version": {"nibabel": "5.2.1"}, "autoencoder_data_format": {"inputs": {"image": T,
          "body_region": C, "anatomy_list": C}, "outputs": {"pred": T}}, "generator_data_format": {"inputs":
          {"latent": T, "condition": T}, "outputs": {"pred": T}}
        meta_schema_hovernet_20221124
          "optional_packages_version": {"nibabel": "5.2.1"}, "network_data_format": {"inputs": {"image": T, "label":
          T}, "outputs": {"pred": T}}
        """##

    /// What takes the place of a field; nil leaves it out.
    static let values: [String?] = [
        nil, ##"null"##, ##"true"##, ##"3"##, ##"1.0"##, ##"2.5"##,
        ##""x""##, ##"[]"##, ##"{}"##, ##"[1]"##, ##"["x"]"##, ##"{"x": null}"##,
    ]

    /// Behind `@` schemas, and behind `:` the mappings of their files of which the next lines speak: keys, and
    /// behind `=` what is refused for each value: `-` nothing, `.` the field itself, else fields below it.
    static let changes = ##"""
        @ 20220324 20220729 generator_20220718 hovernet_20221124 : .
        version monai_version pytorch_version numpy_version task description authors copyright = . . . . . . - . . . .
        + .
        changelog eval_metrics = - . . . . . . . - . . -
        data_source data_type image_classes label_classes pred_classes intended_use = - . . . . . - . . . . .
        references = - . . . . . . - . - - .
        optional_packages_version = . . . . . . . . - . . -
        network_data_format = . . . . . . . . inputs,outputs . . inputs,outputs
        @ 20220324 : network_data_format
        @ generator_ldm_20230507 : autoencoder_data_format
        inputs = . . . . . . . . image . . image
        outputs = . . . . . . . . pred . . pred
        @ 20220324 hovernet_20221124 : network_data_format::inputs
        image = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        label = - . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20220324 hovernet_20221124 : network_data_format::inputs::image network_data_format::inputs::label
        + network_data_format::outputs::pred
        @ 20220729 : network_data_format::inputs::image network_data_format::inputs::label
        + network_data_format::inputs::latent network_data_format::outputs::pred network_data_format::outputs::latent
        @ generator_20220718 : network_data_format::inputs::latent network_data_format::outputs::pred
        @ generator_ldm_20230507 generator_ldm_20240318 : autoencoder_data_format::inputs::image
        + autoencoder_data_format::outputs::pred generator_data_format::inputs::latent
        + generator_data_format::inputs::condition generator_data_format::outputs::pred
        type format dtype = . . . . . . - . . . . .
        num_channels = . . . - . . . . . . . .
        spatial_shape = . . . . . . . - . - - .
        value_range = . . . . . . . - . - 0 .
        is_patch_data = - . - . . . . . . . . .
        channel_def = - . . . . . . . - . . -
        @ 20220324 generator_20220718 : network_data_format::outputs
        @ generator_ldm_20230507 generator_ldm_20240318 : autoencoder_data_format::outputs
        + generator_data_format::outputs
        pred = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20220729 : network_data_format
        inputs outputs = . . . . . . . . - . . -
        @ 20220729 : network_data_format::inputs
        image label latent = - . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20220729 : network_data_format::outputs
        pred latent = - . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20240725 : .
        version monai_version pytorch_version numpy_version task description authors copyright = . . . . . . - . . . .
        + .
        changelog eval_metrics supported_apps = - . . . . . . . - . . -
        data_source data_type image_classes label_classes pred_classes intended_use = - . . . . . - . . . . .
        references = - . . . . . . - . 0 - .
        required_packages_version = . . . . . . . . - . . -
        network_data_format = . . . . . . . . inputs,outputs . . inputs,outputs
        vae_data_format = - . . . . . . . inputs,outputs . . inputs,outputs
        @ 20240725 : network_data_format
        inputs outputs = . . . . . . . . - . . x
        post_processed_outputs = - . . . . . . . - . . x
        @ 20240725 : network_data_format::inputs
        any steps = - . - - - - - . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20240725 : network_data_format::inputs::any network_data_format::outputs::out
        + network_data_format::post_processed_outputs::mask vae_data_format::inputs::any vae_data_format::outputs::out
        type format dtype = . . . . . . - . . . . .
        num_channels = . . . - - . . . . . . .
        spatial_shape = . . . . . . . - . - - .
        value_range = . . . . . . . - . - 0 .
        is_patch_data = - . - . . . . . . . . .
        channel_def = - . . . . . . . - . . -
        @ 20240725 : network_data_format::outputs vae_data_format::outputs
        out = - . - - - - - . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20240725 : network_data_format::post_processed_outputs
        mask = - . - - - - - . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ 20240725 : vae_data_format
        inputs outputs = . . . . . . . . - . . x
        @ 20240725 : vae_data_format::inputs
        any = - . - - - - - . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ generator_20220718 : network_data_format
        @ generator_ldm_20230507 generator_ldm_20240318 : generator_data_format
        inputs = . . . . . . . . latent . . latent
        outputs = . . . . . . . . pred . . pred
        @ generator_20220718 : network_data_format::inputs
        latent = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ generator_ldm_20230507 generator_ldm_20240318 : .
        version monai_version pytorch_version numpy_version task description authors copyright = . . . . . . - . . . .
        + .
        changelog eval_metrics = - . . . . . . . - . . -
        data_source data_type image_classes label_classes pred_classes intended_use = - . . . . . - . . . . .
        references = - . . . . . . - . - - .
        optional_packages_version = . . . . . . . . - . . -
        autoencoder_data_format generator_data_format = . . . . . . . . inputs,outputs . . inputs,outputs
        @ generator_ldm_20230507 : autoencoder_data_format::inputs
        image = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ generator_ldm_20230507 generator_ldm_20240318 : generator_data_format::inputs
        latent = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        condition = - . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        @ generator_ldm_20240318 : autoencoder_data_format
        inputs = . . . . . . . . anatomy_list,body_region,image . . anatomy_list,body_region,image
        outputs = . . . . . . . . pred . . pred
        @ generator_ldm_20240318 : autoencoder_data_format::inputs
        image = . . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        body_region anatomy_list = . . . . . . . . type,value_range . . type,value_range
        @ generator_ldm_20240318 : autoencoder_data_format::inputs::body_region
        + autoencoder_data_format::inputs::anatomy_list
        type = . . . . . . - . . . . .
        value_range = . . . . . . . - . 0 - .
        @ hovernet_20221124 : network_data_format
        inputs = . . . . . . . . image . . image
        outputs = . . . . . . . . - . . -
        @ hovernet_20221124 : network_data_format::outputs
        pred = - . . . . . . . dtype,format,num_channels,spatial_shape,type,value_range . .
        + dtype,format,num_channels,spatial_shape,type,value_range
        """##

    /// A field's path and its value; behind `@` schemas, and behind `:` the paths that they refuse. T is the
    /// path of the first tensor.
    static let others = ##"""
        "T::value_range" = [0, 2.5, null, true, NaN, Infinity, [1]]
        @ all : "T::value_range::2" "T::value_range::3" "T::value_range::6"
        "T::spatial_shape" = [1, "n", null, true, 1.0, 2.5, [], 1e300, Infinity]
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "T::num_channels" = 1e300
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        + "T::num_channels"
        "T::num_channels" = NaN
        @ all : "T::num_channels"
        "T::num_channels" = -1
        @ all :
        "T::label_def" = 3
        @ all :
        "references" = ["x", 3, null]
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "anything" = null
        @ all :
        "supported_apps" = 3
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "required_packages_version" = 3
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "optional_packages_version" = 3
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        + "optional_packages_version"
        "network_data_format" = 3
        @ 20220324 20220729 20240725 generator_20220718 hovernet_20221124 : "network_data_format"
        "x_data_format" = 3
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "_data_format" = 3
        @ all :
        "a1__data_format" = null
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "\u00e9_data_format" = 3
        @ all :
        "x-y_data_format" = 3
        @ all :
        "x_data_format_" = 3
        @ all :
        "x_data_format\n" = 3
        @ 20220324 20220729 generator_20220718 generator_ldm_20230507 generator_ldm_20240318 hovernet_20221124 :
        "\nx_data_format" = 3
        @ all :
        "generator_data_format" = {"inputs": {}}
        @ 20220324 20220729 generator_20220718 hovernet_20221124 :
        "network_data_format" = {"inputs": {"": null, "\n": null, "a\n": null, "a\nb": null, "b": null}}
        @ 20220324 hovernet_20221124 : "network_data_format::inputs::image" "network_data_format::outputs"
        "network_data_format" = {"inputs": {"image": {"type": 3}}, "outputs": {"y": [], "pred": {"dtype": []}}}
        @ 20220324 20220729 hovernet_20221124 : "T::dtype" "T::format" "T::num_channels" "T::spatial_shape" "T::type"
        + "T::value_range" "network_data_format::outputs::pred::dtype" "network_data_format::outputs::pred::format"
        + "network_data_format::outputs::pred::num_channels" "network_data_format::outputs::pred::spatial_shape"
        + "network_data_format::outputs::pred::type" "network_data_format::outputs::pred::value_range"
        "network_data_format" = {"inputs": {"": null, "\n": null, "a\n": null, "a\nb": null, "b": null}}
        @ 20220729 : "network_data_format::outputs"
        "T::spatial_shape" = [1, "n", null, true, 1.0, 2.5, [], 1e300, Infinity]
        @ 20240725 : "T::spatial_shape::2" "T::spatial_shape::3" "T::spatial_shape::5" "T::spatial_shape::6"
        + "T::spatial_shape::8"
        "T::num_channels" = 1e300
        @ 20240725 :
        "references" = ["x", 3, null]
        @ 20240725 : "references::1" "references::2"
        "supported_apps" = 3
        @ 20240725 : "supported_apps"
        "required_packages_version" = 3
        @ 20240725 : "required_packages_version"
        "optional_packages_version" = 3
        @ 20240725 :
        "x_data_format" = 3
        @ 20240725 : "x_data_format"
        "a1__data_format" = null
        @ 20240725 : "a1__data_format"
        "x_data_format\n" = 3
        @ 20240725 : "x_data_format\n"
        "generator_data_format" = {"inputs": {}}
        @ 20240725 : "generator_data_format::outputs"
        "network_data_format" = {"inputs": {"": null, "\n": null, "a\n": null, "a\nb": null, "b": null}}
        @ 20240725 : "network_data_format::inputs::a\n" "network_data_format::inputs::b"
        + "network_data_format::outputs"
        "network_data_format" = {"inputs": {"image": {"type": 3}}, "outputs": {"y": [], "pred": {"dtype": []}}}
        @ 20240725 : "network_data_format::inputs::image::dtype" "network_data_format::inputs::image::format"
        + "network_data_format::inputs::image::num_channels" "network_data_format::inputs::image::spatial_shape"
        + "network_data_format::inputs::image::type" "network_data_format::inputs::image::value_range"
        + "network_data_format::outputs::pred::dtype" "network_data_format::outputs::pred::format"
        + "network_data_format::outputs::pred::num_channels" "network_data_format::outputs::pred::spatial_shape"
        + "network_data_format::outputs::pred::type" "network_data_format::outputs::pred::value_range"
        + "network_data_format::outputs::y"
        "network_data_format" = {"inputs": {"": null, "\n": null, "a\n": null, "a\nb": null, "b": null}}
        @ generator_20220718 : "network_data_format::inputs::latent" "network_data_format::outputs"
        "network_data_format" = {"inputs": {"image": {"type": 3}}, "outputs": {"y": [], "pred": {"dtype": []}}}
        @ generator_20220718 : "network_data_format::inputs::latent" "network_data_format::outputs::pred::dtype"
        + "network_data_format::outputs::pred::format" "network_data_format::outputs::pred::num_channels"
        + "network_data_format::outputs::pred::spatial_shape" "network_data_format::outputs::pred::type"
        + "network_data_format::outputs::pred::value_range"
        "network_data_format" = 3
        @ generator_ldm_20230507 generator_ldm_20240318 :
        "generator_data_format" = {"inputs": {}}
        @ generator_ldm_20230507 generator_ldm_20240318 : "generator_data_format::inputs::latent"
        + "generator_data_format::outputs"
        "network_data_format" = {"inputs": {"": null, "\n": null, "a\n": null, "a\nb": null, "b": null}}
        @ generator_ldm_20230507 generator_ldm_20240318 :
        "network_data_format" = {"inputs": {"image": {"type": 3}}, "outputs": {"y": [], "pred": {"dtype": []}}}
        @ generator_ldm_20230507 generator_ldm_20240318 :
        """##
}
