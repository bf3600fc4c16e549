"""What texts and pictures may contain: rules here, classifiers behind EngineClient, one Signal type for both."""
