// Written by Tests/Scripts/make_component_table.py from MONAI 1.6.1.
extension ComponentTable {
    /// Modules below `monai.` with the classes and functions that each defines.
    static let names2 = """
         MBConvBlock _calculate_output_image_size _get_same_padding_conv_nd _make_same_padder _round_filters _round_repeats
         drop_connect get_efficientnet_image_size
        networks.nets.flexible_unet: FlexUNet FlexUNetEncoderRegister FlexibleUNet SegmentationHead UNetDecoder
        networks.nets.fullyconnectednet: FullyConnectedNet VarFullyConnectedNet _get_adn_layer
        networks.nets.generator: Generator
        networks.nets.highresnet: HighResBlock HighResNet
        networks.nets.hovernet: HoVerNet HoVernet HoverNet Hovernet _DecoderBlock _DecoderBranch _DenseLayerDecoder
         _ResidualBlock _load_pretrained_encoder _remap_preact_resnet_model _remap_standard_resnet_model
        networks.nets.hyena_nd_unetr: HyenaNDUNETR
        networks.nets.masked_autoencoder_vit: MaskedAutoEncoderViT
        networks.nets.mednext: MedNeXt MedNeXtB MedNeXtBase MedNeXtL MedNeXtLarge MedNeXtM MedNeXtMedium MedNeXtS
         MedNeXtSmall MedNext MedNextB MedNextBase MedNextL MedNextLarge MedNextM MedNextMedium MedNextS MedNextSmall
         create_mednext
        networks.nets.milmodel: MILModel
        networks.nets.navit: NaViT _NaViTAttention _NaViTTransformerBlock _RMSNorm _group_images_by_max_seq_len
        networks.nets.netadapter: NetAdapter
        networks.nets.patchgan_discriminator: MultiScalePatchDiscriminator PatchDiscriminator
        networks.nets.quicknat: Bottleneck ClassifierBlock ConvConcatDenseBlock Quicknat SequentialWithIdx
         SkipConnectionWithIdx
        networks.nets.regressor: Regressor
        networks.nets.regunet: AdditiveUpSampleBlock AffineHead GlobalNet LocalNet RegUNet
        networks.nets.resnet: ResNet ResNetBlock ResNetBottleneck ResNetEncoder ResNetFeatures _load_state_dict _resnet
         get_avgpool get_inplanes get_medicalnet_pretrained_resnet_args get_pretrained_resnet_medicalnet resnet10 resnet101
         resnet152 resnet18 resnet200 resnet34 resnet50
        networks.nets.restormer: MDTATransformerBlock OverlapPatchEmbed Restormer
        networks.nets.segresnet: SegResNet SegResNetVAE
        networks.nets.segresnet_ds: SegResBlock SegResEncoder SegResNetDS SegResNetDS2 aniso_kernel scales_for_resolution
        networks.nets.senet: SENet SENet154 SEResNeXt101 SEResNeXt50 SEResNet101 SEResNet152 SEResNet50 SEResNext101
         SEResNext50 SEnet SEnet154 SEresnet101 SEresnet152 SEresnet50 SEresnext101 SEresnext50 Senet Senet154 Seresnet101
         Seresnet152 Seresnet50 Seresnext101 Seresnext50 senet154 seresnet101 seresnet152 seresnet50 seresnext101
         seresnext50
        networks.nets.spade_autoencoderkl: SPADEAutoencoderKL SPADEDecoder SPADEResBlock
        networks.nets.spade_diffusion_model_unet: SPADEAttnUpBlock SPADECrossAttnUpBlock SPADEDiffResBlock
         SPADEDiffusionModelUNet SPADEUpBlock get_spade_up_block
        networks.nets.spade_network: SPADEEncoder SPADENet SPADENetResBlock UpsamplingModes
        networks.nets.swin_unetr: BasicLayer PatchMerging PatchMergingV2 SwinTransformer SwinTransformerBlock SwinUNETR
         WindowAttention compute_mask filter_swinunetr get_window_size window_partition window_reverse
        networks.nets.torchvision_fc: TorchVisionFCModel
        networks.nets.transchex: BertAttention BertMixedLayer BertOutput BertPreTrainedModel MultiModal Pooler Transchex
        networks.nets.transformer: AbsolutePositionalEmbedding DecoderOnlyTransformer
        networks.nets.unet: CheckpointUNet UNet Unet
        networks.nets.unetr: UNETR
        networks.nets.varautoencoder: VarAutoEncoder
        networks.nets.vista3d: Attention ClassMappingClassify MLP PointMappingSAM PositionEmbeddingRandom
         TwoWayAttentionBlock TwoWayTransformer VISTA3D vista3d132
        networks.nets.vit: ViT
        networks.nets.vitautoenc: ViTAutoEnc
        networks.nets.vnet: DownTransition InputTransition LUConv OutputTransition VNet _make_nconv get_acti_layer
        networks.nets.voxelmorph: VoxelMorph VoxelMorphUNet voxelmorph voxelmorphunet
        networks.nets.vqvae: VQVAE VQVAEResidualUnit
        networks.schedulers.ddim: DDIMScheduler
        networks.schedulers.ddpm: DDPMPredictionType DDPMScheduler DDPMVarianceType
        networks.schedulers.pndm: PNDMPredictionType PNDMScheduler
        networks.schedulers.rectified_flow: RFlowPredictionType RFlowScheduler timestep_transform
        networks.schedulers.scheduler: Scheduler _cosine_beta _linear_beta _scaled_linear_beta _sigmoid_beta
        networks.trt_compiler: ShapeError TRTEngine TrtCompiler cuassert get_dynamic_axes make_tensor parse_groups
         trt_compile trt_forward trt_to_torch_dtype_dict unroll_input
        networks.utils: CastTempType CastToFloat CastToFloatAll _onnx_trt_compile _replace_modules _swap_modules
         add_casts_around_norms cast_all cast_tensor convert_to_onnx convert_to_torchscript convert_to_trt copy_model_state
         eval_mode freeze_layers get_profile_shapes get_state_dict has_nvfuser_instance_norm icnr_init look_up_named_module
         meshgrid_ij meshgrid_xy normal_init normalize_transform one_hot pixelshuffle pixelunshuffle predict_segmentation
         replace_modules replace_modules_by_type replace_modules_temp save_state set_named_module simple_replace
         to_norm_affine train_mode wrap_module
        optimizers.lr_finder: DataLoaderIter LearningRateFinder TrainDataLoaderIter ValDataLoaderIter
         default_image_extractor default_label_extractor
        optimizers.lr_scheduler: ExponentialLR LinearLR WarmupCosineSchedule _LRSchedulerMONAI
        optimizers.novograd: Novograd
        optimizers.utils: generate_param_groups
        transforms.adaptors: FunctionSignature adaptor apply_alias to_kwargs
        transforms.compose: Compose OneOf RandomOrder SomeOf _inverse_one execute_compose
        transforms.croppad.array: BorderPad BoundingRect CenterScaleCrop CenterSpatialCrop Crop CropForeground DivisiblePad
         Pad RandCropByLabelClasses RandCropByPosNegLabel RandScaleCrop RandSpatialCrop RandSpatialCropSamples
         RandWeightedCrop ResizeWithPadOrCrop SpatialCrop SpatialPad _broadcast_int_pair _to_int_list
        transforms.croppad.batch: PadListDataCollate replace_element
        transforms.croppad.dictionary: BorderPadD BorderPadDict BorderPadd BoundingRectD BoundingRectDict BoundingRectd
         CenterScaleCropD CenterScaleCropDict CenterScaleCropd CenterSpatialCropD CenterSpatialCropDict CenterSpatialCropd
         CropD CropDict CropForegroundD CropForegroundDict CropForegroundd Cropd DivisiblePadD DivisiblePadDict
         DivisiblePadd PadD PadDict Padd RandCropByLabelClassesD RandCropByLabelClassesDict RandCropByLabelClassesd
         RandCropByPosNegLabelD RandCropByPosNegLabelDict RandCropByPosNegLabeld RandCropD RandCropDict RandCropd
         RandScaleCropD RandScaleCropDict RandScaleCropd RandSpatialCropD RandSpatialCropDict RandSpatialCropSamplesD
         RandSpatialCropSamplesDict RandSpatialCropSamplesd RandSpatialCropd RandWeightedCropD RandWeightedCropDict
         RandWeightedCropd ResizeWithPadOrCropD ResizeWithPadOrCropDict ResizeWithPadOrCropd SpatialCropD SpatialCropDict
         SpatialCropd SpatialPadD SpatialPadDict SpatialPadd
        transforms.croppad.functional: _convert_pt_pad_mode _np_pad _pt_pad crop_func crop_or_pad_nd pad_func pad_nd
        transforms.intensity.array: AdjustContrast ClipIntensityPercentiles ComputeHoVerMaps DetectEnvelope ForegroundMask
         GaussianSharpen GaussianSmooth GibbsNoise HistogramNormalize IntensityRemap KSpaceSpikeNoise MaskIntensity
         MedianSmooth NormalizeIntensity RandAdjustContrast RandBiasField RandCoarseDropout RandCoarseShuffle
         RandCoarseTransform RandGaussianNoise RandGaussianSharpen RandGaussianSmooth RandGibbsNoise RandHistogramShift
         RandIntensityRemap RandKSpaceSpikeNoise RandRicianNoise RandScaleIntensity RandScaleIntensityFixedMean
         RandShiftIntensity RandStdShiftIntensity SavitzkyGolaySmooth ScaleIntensity ScaleIntensityFixedMean
         ScaleIntensityRange ScaleIntensityRangePercentiles ShiftIntensity StdShiftIntensity ThresholdIntensity
         UltrasoundConfidenceMapTransform
        transforms.intensity.dictionary: AdjustContrastD AdjustContrastDict AdjustContrastd ClipIntensityPercentilesD
         ClipIntensityPercentilesDict ClipIntensityPercentilesd ComputeHoVerMapsD ComputeHoVerMapsDict ComputeHoVerMapsd
         ForegroundMaskD ForegroundMaskDict ForegroundMaskd GaussianSharpenD GaussianSharpenDict GaussianSharpend
         GaussianSmoothD GaussianSmoothDict GaussianSmoothd GibbsNoiseD GibbsNoiseDict GibbsNoised HistogramNormalizeD
         HistogramNormalizeDict HistogramNormalized KSpaceSpikeNoiseD KSpaceSpikeNoiseDict KSpaceSpikeNoised MaskIntensityD
         MaskIntensityDict MaskIntensityd MedianSmoothD MedianSmoothDict MedianSmoothd NormalizeIntensityD
         NormalizeIntensityDict NormalizeIntensityd RandAdjustContrastD RandAdjustContrastDict RandAdjustContrastd
         RandBiasFieldD RandBiasFieldDict RandBiasFieldd RandCoarseDropoutD RandCoarseDropoutDict RandCoarseDropoutd
         RandCoarseShuffleD RandCoarseShuffleDict RandCoarseShuffled RandGaussianNoiseD RandGaussianNoiseDict
         RandGaussianNoised RandGaussianSharpenD RandGaussianSharpenDict RandGaussianSharpend RandGaussianSmoothD
         RandGaussianSmoothDict RandGaussianSmoothd RandGibbsNoiseD RandGibbsNoiseDict RandGibbsNoised RandHistogramShiftD
         RandHistogramShiftDict RandHistogramShiftd RandKSpaceSpikeNoiseD RandKSpaceSpikeNoiseDict RandKSpaceSpikeNoised
         RandRicianNoiseD RandRicianNoiseDict RandRicianNoised RandScaleIntensityD RandScaleIntensityDict
         RandScaleIntensityFixedMeanD RandScaleIntensityFixedMeanDict RandScaleIntensityFixedMeand RandScaleIntensityd
         RandShiftIntensityD RandShiftIntensityDict RandShiftIntensityd RandStdShiftIntensityD RandStdShiftIntensityDict
         RandStdShiftIntensityd SavitzkyGolaySmoothD SavitzkyGolaySmoothDict SavitzkyGolaySmoothd ScaleIntensityD
         ScaleIntensityDict ScaleIntensityRangeD ScaleIntensityRangeDict ScaleIntensityRangePercentilesD
         ScaleIntensityRangePercentilesDict ScaleIntensityRangePercentilesd ScaleIntensityRanged ScaleIntensityd
         ShiftIntensityD ShiftIntensityDict ShiftIntensityd StdShiftIntensityD StdShiftIntensityDict StdShiftIntensityd
         ThresholdIntensityD ThresholdIntensityDict ThresholdIntensityd
        transforms.inverse: InvertibleTransform TraceableTransform
        transforms.inverse_batch_transform: BatchInverseTransform DecollateD DecollateDict Decollated _BatchInverseDataset
        transforms.io.array: LoadImage SaveImage WriteFileMapping get_default_reader_registration_order switch_endianness
        transforms.io.dictionary: LoadImageD LoadImageDict LoadImaged SaveImageD SaveImageDict SaveImaged WriteFileMappingD
         WriteFileMappingDict WriteFileMappingd
        transforms.lazy.array: ApplyPending
        transforms.lazy.dictionary: ApplyPendingD ApplyPendingDict ApplyPendingd
        transforms.lazy.functional: _log_applied_info _log_pending_info apply_pending apply_pending_transforms
         apply_pending_transforms_in_order
        transforms.lazy.utils: Affine DisplacementField affine_from_pending combine_transforms is_compatible_apply_kwargs
         kwargs_from_pending requires_interp resample
        transforms.meta_utility.dictionary: FromMetaTensorD FromMetaTensorDict FromMetaTensord ToMetaTensorD
         ToMetaTensorDict ToMetaTensord
        transforms.nvtx: Mark MarkD MarkDict Markd RandMark RandMarkD RandMarkDict RandMarkd RandRangePop RandRangePopD
         RandRangePopDict RandRangePopd RandRangePush RandRangePushD RandRangePushDict RandRangePushd RangePop RangePopD
         RangePopDict RangePopd RangePush RangePushD RangePushDict RangePushd
        transforms.post.array: Activations AsDiscrete DistanceTransformEDT Ensemble FillHoles GenerateHeatmap Invert
         KeepLargestConnectedComponent LabelFilter LabelToContour MeanEnsemble ProbNMS RemoveSmallObjects SobelGradients
         VoteEnsemble
        transforms.post.dictionary: ActivationsD ActivationsDict Activationsd AsDiscreteD AsDiscreteDict AsDiscreted
         DistanceTransformEDTD DistanceTransformEDTDict DistanceTransformEDTd EnsembleD EnsembleDict Ensembled FillHolesD
         FillHolesDict FillHolesd GenerateHeatmapD GenerateHeatmapDict GenerateHeatmapd InvertD InvertDict Invertd
         KeepLargestConnectedComponentD KeepLargestConnectedComponentDict KeepLargestConnectedComponentd LabelFilterD
         LabelFilterDict LabelFilterd LabelToContourD LabelToContourDict LabelToContourd MeanEnsembleD MeanEnsembleDict
         MeanEnsembled ProbNMSD ProbNMSDict ProbNMSd RemoveSmallObjectsD RemoveSmallObjectsDict RemoveSmallObjectsd
         SaveClassificationD SaveClassificationDict SaveClassificationd SobelGradientsD SobelGradientsDict SobelGradientsd
         VoteEnsembleD VoteEnsembleDict VoteEnsembled
        transforms.regularization.array: CutMix CutOut MixUp Mixer
        transforms.regularization.dictionary: CutMixD CutMixDict CutMixd CutOutD CutOutDict CutOutd MixUpD MixUpDict MixUpd
        transforms.signal.array: SignalContinuousWavelet SignalFillEmpty SignalRandAddGaussianNoise SignalRandAddSine
         SignalRandAddSinePartial SignalRandAddSquarePulse SignalRandAddSquarePulsePartial SignalRandDrop SignalRandScale
         SignalRandShift SignalRemoveFrequency
        transforms.signal.dictionary: SignalFillEmptyD SignalFillEmptyDict SignalFillEmptyd
        transforms.smooth_field.array: RandSmoothDeform RandSmoothFieldAdjustContrast RandSmoothFieldAdjustIntensity
         SmoothField
        transforms.smooth_field.dictionary: RandSmoothDeformD RandSmoothDeformDict RandSmoothDeformd
         RandSmoothFieldAdjustContrastD RandSmoothFieldAdjustContrastDict RandSmoothFieldAdjustContrastd
         RandSmoothFieldAdjustIntensityD RandSmoothFieldAdjustIntensityDict RandSmoothFieldAdjustIntensityd
        transforms.spatial.array: AffineGrid ConvertBoxToPoints ConvertPointsToBoxes Flip GridDistortion GridPatch GridSplit
         Orientation Rand2DElastic Rand3DElastic RandAffine RandAffineGrid RandAxisFlip RandDeformGrid RandFlip
         RandGridDistortion RandGridPatch RandRotate RandRotate90 RandSimulateLowResolution RandZoom Resample
         ResampleToMatch Resize Rotate Rotate90 Spacing SpatialResample Zoom
        transforms.spatial.dictionary: AffineD AffineDict Affined ConvertBoxToPointsD ConvertBoxToPointsDict
         ConvertBoxToPointsd ConvertPointsToBoxesD ConvertPointsToBoxesDict ConvertPointsToBoxesd FlipD FlipDict Flipd
         GridDistortionD GridDistortionDict GridDistortiond GridPatchD GridPatchDict GridPatchd GridSplitD GridSplitDict
         GridSplitd OrientationD OrientationDict Orientationd Rand2DElasticD Rand2DElasticDict Rand2DElasticd Rand3DElasticD
         Rand3DElasticDict Rand3DElasticd RandAffineD RandAffineDict RandAffined RandAxisFlipD RandAxisFlipDict
         RandAxisFlipd RandFlipD RandFlipDict RandFlipd RandGridDistortionD RandGridDistortionDict RandGridDistortiond
         RandGridPatchD RandGridPatchDict RandGridPatchd RandRotate90D RandRotate90Dict RandRotate90d RandRotateD
         RandRotateDict RandRotated RandSimulateLowResolutionD RandSimulateLowResolutionDict RandSimulateLowResolutiond
         RandZoomD RandZoomDict RandZoomd ResampleToMatchD ResampleToMatchDict ResampleToMatchd ResizeD ResizeDict Resized
         Rotate90D Rotate90Dict Rotate90d RotateD RotateDict Rotated SpacingD SpacingDict Spacingd SpatialResampleD
         SpatialResampleDict SpatialResampled ZoomD ZoomDict Zoomd
        transforms.spatial.functional: _compiled_unsupported _maybe_new_metatensor affine_func convert_box_to_points
         convert_points_to_box flip orientation resize rotate rotate90 spatial_resample zoom
        transforms.traits: InvertibleTrait LazyTrait MultiSampleTrait RandomizableTrait ReduceTrait ThreadUnsafe
        transforms.transform: LazyTransform MapTransform Randomizable RandomizableTransform Transform _apply_transform
         apply_transform
        transforms.utility.array: AddCoordinateChannels AddExtremePointsChannel ApplyTransformToPoints AsChannelLast
         CastToType ClassesToIndices ConvertToMultiChannelBasedOnBratsClasses CuCIM DataStats EnsureChannelFirst EnsureType
         FgBgToIndices FlattenSequence Identity ImageFilter IntensityStats LabelToMask Lambda MapLabelValue RandCuCIM
         RandIdentity RandImageFilter RandLambda RandTorchIO RandTorchVision RemoveRepeatedChannel RepeatChannel
         SimulateDelay SplitDim SqueezeDim ToCupy ToDevice ToNumpy ToPIL ToTensor TorchIO TorchVision Transpose
        transforms.utility.dictionary: AddCoordinateChannelsD AddCoordinateChannelsDict AddCoordinateChannelsd
         AddExtremePointsChannelD AddExtremePointsChannelDict AddExtremePointsChanneld ApplyTransformToPointsD
         ApplyTransformToPointsDict ApplyTransformToPointsd AsChannelLastD AsChannelLastDict AsChannelLastd CastToTypeD
         CastToTypeDict CastToTyped ClassesToIndicesD ClassesToIndicesDict ClassesToIndicesd ConcatItemsD ConcatItemsDict
         ConcatItemsd ConvertToMultiChannelBasedOnBratsClassesD ConvertToMultiChannelBasedOnBratsClassesDict
         ConvertToMultiChannelBasedOnBratsClassesd CopyItemsD CopyItemsDict CopyItemsd CuCIMD CuCIMDict CuCIMd DataStatsD
         DataStatsDict DataStatsd DeleteItemsD DeleteItemsDict DeleteItemsd EnsureChannelFirstD EnsureChannelFirstDict
         EnsureChannelFirstd EnsureTypeD EnsureTypeDict EnsureTyped FgBgToIndicesD FgBgToIndicesDict FgBgToIndicesd
         FlattenSequenceD FlattenSequenceDict FlattenSequenced FlattenSubKeysD FlattenSubKeysDict FlattenSubKeysd IdentityD
         IdentityDict Identityd ImageFilterD ImageFilterDict ImageFilterd IntensityStatsD IntensityStatsDict IntensityStatsd
         LabelToMaskD LabelToMaskDict LabelToMaskd LambdaD LambdaDict Lambdad MapLabelValueD MapLabelValueDict
         MapLabelValued RandCuCIMD RandCuCIMDict RandCuCIMd RandImageFilterD RandImageFilterDict RandImageFilterd
         RandLambdaD RandLambdaDict RandLambdad RandTorchIOD RandTorchIODict RandTorchIOd RandTorchVisionD
         RandTorchVisionDict RandTorchVisiond RemoveRepeatedChannelD RemoveRepeatedChannelDict RemoveRepeatedChanneld
         RepeatChannelD RepeatChannelDict RepeatChanneld SelectItemsD SelectItemsDict SelectItemsd SimulateDelayD
         SimulateDelayDict SimulateDelayd SplitDimD SplitDimDict SplitDimd SqueezeDimD SqueezeDimDict SqueezeDimd ToCupyD
         ToCupyDict ToCupyd ToDeviceD ToDeviceDict ToDeviced ToNumpyD ToNumpyDict ToNumpyd ToPILD ToPILDict ToPILd ToTensorD
         ToTensorDict ToTensord TorchIOD TorchIODict TorchIOd TorchVisionD TorchVisionDict TorchVisiond
         TransformPointsImageToWorldD TransformPointsImageToWorldDict TransformPointsImageToWorldd
         TransformPointsWorldToImageD TransformPointsWorldToImageDict TransformPointsWorldToImaged TransposeD TransposeDict
         Transposed
        transforms.utils: Fourier _create_grid_numpy _create_grid_torch _create_rotate _create_scale _create_shear
         _create_translate _to_numpy_resample_interp_mode _to_numpy_resample_padding_mode _to_torch_resample_interp_mode
         _to_torch_resample_padding_mode _validate_euler_order allow_missing_keys_mode apply_affine_to_points attach_hook
         check_applied_operations check_boundaries check_non_lazy_pending_ops compute_divisible_spatial_size
         convert_applied_interp_mode convert_pad_mode convert_points_to_disc convert_to_contiguous copypaste_arrays
         correct_crop_centers create_control_grid create_grid create_rotate create_scale create_shear create_translate
         distance_transform_edt equalize_hist extreme_points_to_image fill_holes generate_label_classes_crop_centers
         generate_pos_neg_label_crop_centers generate_spatial_bounding_box get_extreme_points
         get_largest_connected_component_mask get_number_image_type_conversions get_transform_backends get_unique_labels
         has_status_keys img_bounds in_bounds is_empty is_positive keep_components_with_positive_points
         keep_merge_components_with_points map_and_generate_sampling_centers map_binary_to_indices map_classes_to_indices
         map_spatial_axes paste paste_slices print_transform_backends rand_choice remove_small_objects rescale_array
         rescale_array_int_max rescale_instance_array reset_ops_id resize_center sample_points_from_label scale_affine
         soft_clip squarepulse sync_meta_info weighted_patch_samples zero_margins
        transforms.utils_create_transform_ims: create_transform_im get_2d_slice get_data get_images get_stacked_2d_ims
         get_stacked_before_after pre_process_data save_image update_docstring
        transforms.utils_morphological_ops: dilate dilate_t erode erode_t get_morphological_filter_result_t
        transforms.utils_pytorch_numpy_unification: allclose any_np_pt argsort argwhere ascontiguousarray clip concatenate
         cumsum floor_divide in1d isfinite isnan linalg_inv max maximum mean median min mode moveaxis nonzero percentile
         ravel repeat searchsorted softplus stack std sum unique unravel_index unravel_indices where
        utils.component_store: ComponentStore is_variable
        utils.decorators: MethodReplacer RestartGenerator
        utils.deprecate_utils: DeprecatedError deprecated deprecated_arg deprecated_arg_default warn_deprecated
        utils.dist: RankFilter evenly_divisible_all_gather get_dist_device string_list_all_gather
        utils.enums: AdversarialIterationEvents AdversarialKeys AlgoKeys Average BlendMode BoxModeName BundleProperty
         BundlePropertyConfig ChannelMatching ColorOrder CommonKeys CompInitMode DataStatsKeys DiceCEReduction
         DownsampleMode EngineStatsKeys FastMRIKeys ForwardMode GanKeys GridPatchSort GridSampleMode GridSamplePadMode
         HoVerNetBranch HoVerNetMode IgniteInfo ImageStatsKeys InterpolateMode JITMetadataKeys LabelStatsKeys LazyAttr
         LossReduction MetaKeys Method MetricReduction NdimageMode NumpyPadMode OrderingTransformations OrderingType
         PatchKeys PostFix ProbMapKeys PytorchPadMode SkipMode SpaceKeys SplineMode StrEnum TraceKeys TraceStatusKeys
         TransformBackends UpsampleMode WSIPatchKeys Weight
        utils.jupyter_utils: StatusMembers ThreadContainer _get_loss_from_output plot_engine_status plot_metric_graph
         plot_metric_images tensor_to_images
        utils.misc: CheckKeyDuplicatesYamlLoader ConvertUnits ImageMetaKey MONAIEnvVars _strtobool check_key_duplicates
         check_kwargs_exist_in_class_init check_parent_dir copy_to_device ensure_tuple ensure_tuple_rep ensure_tuple_size
         fall_back_tuple first flatten_dict get_seed has_option is_immutable is_module_ver_at_least is_scalar
         is_scalar_tensor is_sqrt issequenceiterable label_union list_to_dict path_to_sqlite_uri path_to_uri pprint_edges
         prob2class progress_bar run_cmd sample_slices save_obj set_determinism star_zip_with str2bool str2list
         to_tuple_of_dictionaries unsqueeze_left unsqueeze_right zip_with
        utils.module: InvalidPyTorchVersionError OptionalImportError damerau_levenshtein_distance exact_version
         get_full_type_name get_package_version instantiate load_submodules look_up_option min_version optional_import
         parse_version_strs require_pkg version_geq version_leq
        utils.nvtx: Range
        utils.ordering: Ordering
        utils.profiling: PerfContext ProfileHandler ProfileResult WorkflowProfiler select_transform_call torch_profiler_full
         torch_profiler_time_cpu_gpu torch_profiler_time_end_to_end
        utils.safeeval: _RewriteConstNp safe_eval
        utils.state_cacher: StateCacher
        utils.type_conversion: convert_data_type convert_to_cupy convert_to_dst_type convert_to_list convert_to_numpy
         convert_to_tensor dtype_numpy_to_torch dtype_torch_to_numpy get_dtype get_dtype_bound_value get_dtype_string
         get_equivalent_dtype get_numpy_dtype_from_string get_torch_dtype_from_string safe_dtype_range
        visualize.class_activation_maps: CAM CAMBase GradCAM GradCAMpp ModelWithHooks default_normalizer
        visualize.gradient_based: GuidedBackpropGrad GuidedBackpropSmoothGrad SmoothGrad VanillaGrad _AutoGradReLU _GradReLU
        visualize.img2tensorboard: _image3_animated_gif add_animated_gif make_animated_gif_summary plot_2d_or_3d_image
        visualize.occlusion_sensitivity: OcclusionSensitivity
        visualize.utils: blend_images matshow3d
        visualize.visualizer: default_upsampler
        """
}
